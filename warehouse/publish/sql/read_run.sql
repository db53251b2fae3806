select run_id
from ops.runs
where run_id = $run_id
