create or replace temp table stage_runs as
from ops.runs
limit 0
