select partition_on::varchar as part, to_json(exported)::varchar as line
from exported
