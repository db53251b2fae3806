select coalesce(max(load_order), 0)
from ops.runs
