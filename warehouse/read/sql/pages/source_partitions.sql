select
    core.series_of(d.source) as series,
    d.partition_on,
    d.state,
    d.entries_count,
    d.last_read_at,
    d.cause,
    d.reason,
    d.last_run_id,
    count(*) over () as total
from ops.partition_states as d
where core.family_of(d.source) = $source
order by d.partition_on desc, d.source
limit $most offset $offset
