select run_id
from ops.runs
where load_order <= (select load_order from ops.runs where run_id = $run_id)
