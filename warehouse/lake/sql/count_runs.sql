select count(*)
from ops.runs
