merge into ops.partitions as t
using stage_partitions as s
using (source, partition_on)
when matched then update by name
when not matched then insert by name
