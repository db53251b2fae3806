insert into ops.runs
by name
from stage_runs
