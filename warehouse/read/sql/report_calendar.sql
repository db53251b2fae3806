select
    p.source,
    o.partition_days,
    p.partition_on,
    p.state,
    p.entries_count,
    p.last_read_at
from ops.partition_states as p
join ops.sources as o on o.source = p.source
where date_trunc('week', p.partition_on + (o.partition_days - 1) // 2) between $first_week_on and $week_on
order by o.partition_days, p.source, p.partition_on
