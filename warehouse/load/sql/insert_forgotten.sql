insert into ops.forgotten_partitions
by name
from stage_forgotten as s
where not exists (
    from ops.forgotten_partitions as f
    where f.source = s.source and f.partition_on = s.partition_on and f.decided_at = s.decided_at
)
