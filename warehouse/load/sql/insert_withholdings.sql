insert into ops.withholdings
by name
from stage_withholdings as s
where not exists (from ops.withholdings as w where w.decision_id = s.decision_id)
