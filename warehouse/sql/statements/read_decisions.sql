select left_key, right_key, kind = 'same'
from ops.decisions
order by decided_at, decision_id desc
