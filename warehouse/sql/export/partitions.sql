select source, partition_on, state, entries_count, last_read_at
from marts.partitions
where state <> 'missing' or is_linked
order by source, partition_on
