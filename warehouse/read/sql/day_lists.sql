select source, series, partition_on, state, cause, reason, entries_count, last_read_at
from marts.partitions
where partition_on = $day::date
order by source, series nulls first
