select
    core.family_of(source) as source,
    core.series_of(source) as series,
    count(*) filter (where state = 'final') as final,
    count(*) filter (where state = 'open') as open,
    count(*) filter (where state = 'no_list') as no_list,
    count(*) filter (where state = 'refused') as refused,
    count(*) filter (where state = 'unrecoverable') as unrecoverable,
    min(partition_on) filter (where state in ('final', 'open')) as first_on,
    max(partition_on) filter (where state in ('final', 'open')) as last_on,
    coalesce(sum(entries_count) filter (where state in ('final', 'open')), 0)::bigint as entries,
    max(last_read_at) as last_read_at
from ops.partition_states
group by source
order by source
