insert into ops.decisions
by name
from stage_decisions as s
where not exists (from ops.decisions as d where d.decision_id = s.decision_id)
