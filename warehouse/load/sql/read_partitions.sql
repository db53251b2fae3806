select partition_on, state, entries_count, last_read_at
from marts.partitions
where source = $source and partition_on between $first and $last
order by partition_on
