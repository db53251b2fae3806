create or replace temp table stage_quarantine as
from ops.quarantine
limit 0
