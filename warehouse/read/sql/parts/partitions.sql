select '' as part, to_json(exported)::varchar as line
from exported
