select split_part(sighting_key, '/', 2) as part, to_json(exported)::varchar as line
from exported
