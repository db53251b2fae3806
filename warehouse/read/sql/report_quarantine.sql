select
    source,
    reason,
    count(*) filter (where resolved_at is null) as open_count,
    count(*) filter (where resolved_at is not null) as resolved_count,
    max(partition_on) as last_on,
    any_value(detail order by partition_on desc, position) as detail
from ops.counted_quarantine
group by source, reason
order by open_count desc, source, reason
