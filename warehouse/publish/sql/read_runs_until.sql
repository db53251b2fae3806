select run_id
from published.ops.runs
where load_order <= (select load_order from published.ops.runs where run_id = $run_id)
