select source, partition_on, state, last_read_at
from marts.partitions
where state in ('missing', 'refused', 'open', 'unrecoverable')
order by source, partition_on
