select left_key, right_key, kind = 'same'
from ops.decisions
qualify row_number() over (partition by left_key, right_key order by decided_at desc, decision_id) = 1
order by left_key, right_key
