select run_id
from ops.runs
order by load_order desc
limit 1
