select
    max(partition_on) filter (where partition_on < $first) as before_on,
    min(partition_on) filter (where partition_on > $last) as after_on
from ops.partitions
where state in ('open', 'final') and entries_count > 0
