select source, partition_on, state, last_read_at, is_linked, cause, reason
from ops.partition_states
order by source, partition_on
