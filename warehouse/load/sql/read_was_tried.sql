select count(*) > 0
from ops.partition_states
where source = $source and partition_on = $partition_on and last_run_id is not null
