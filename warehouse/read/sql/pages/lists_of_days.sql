select
    core.family_of(p.source) as source,
    core.series_of(p.source) as series,
    p.partition_on,
    o.partition_days,
    o.is_archive,
    p.state,
    p.entries_count,
    p.last_read_at
from ops.partitions as p
join ops.sources as o on o.source = p.source
where p.partition_on + (o.partition_days - 1) // 2 * $is_by_middle between $first and $last
order by p.partition_on, o.is_archive, o.partition_days, p.source
