select source, partition_on, state, entries_count, last_read_at
from ops.partition_states
where last_read_at is not null or is_linked or state = 'unrecoverable'
order by source, partition_on
