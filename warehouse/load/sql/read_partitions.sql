select partition_on, state, entries_count, last_read_at
from ops.partition_states
where source = $source and partition_on between $first and $last
order by partition_on
