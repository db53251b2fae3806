select left_key as "left", right_key as "right", kind = 'same' as is_same
from ops.decisions
order by decided_at, decision_id desc
