select
    s.source,
    s.trust,
    s.partition_days,
    s.series,
    s.first_on,
    s.last_on,
    s.entries_count,
    bool_or(o.is_archive) as is_archive,
    count(d.partition_on) filter (where d.state = 'final') as final_count,
    count(d.partition_on) filter (where d.state = 'open') as open_count,
    count(d.partition_on) filter (where d.state = 'no_list') as no_list_count,
    max(d.last_read_at) as last_read_at
from marts.sources as s
join ops.sources as o on core.family_of(o.source) = s.source
left join ops.partition_states as d on d.source = o.source
where $source is null or s.source = $source
group by all
order by s.source
