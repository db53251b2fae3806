select
    q.source,
    q.reason,
    count(*) filter (where resolved_at is null) as open_count,
    count(*) filter (where resolved_at is not null) as resolved_count,
    max(partition_on) as last_on,
    any_value(detail order by partition_on desc, position) as detail
from ops.counted_quarantine as q
left join ops.sources as o on o.source = q.source
where $week_on::date is null or date_trunc('week', q.partition_on + (o.partition_days - 1) // 2) = $week_on
group by q.source, q.reason
order by open_count desc, q.source, q.reason
