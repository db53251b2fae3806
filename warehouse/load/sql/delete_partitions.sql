delete from ops.partitions as p
using stage_touched as t
where p.source = t.source
    and p.partition_on = t.partition_on
    and not exists (from stage_partitions as s where s.source = p.source and s.partition_on = p.partition_on)
