create or replace temp table stage_decisions as
from ops.decisions
limit 0
