insert into ops.lost_partitions
by name
from stage_lost as s
where not exists (
    from ops.lost_partitions as l
    where l.source = s.source and l.partition_on = s.partition_on and l.decided_at = s.decided_at
)
