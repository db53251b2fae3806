select source, partition_on, state, entries_count, last_read_at
from marts.partitions
order by source, partition_on
