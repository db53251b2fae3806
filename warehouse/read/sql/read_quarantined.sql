select source, partition_on, reason, count(*) as entries
from ops.counted_quarantine
where resolved_at is null
group by all
order by all
