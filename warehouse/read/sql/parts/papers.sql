select split_part(paper, '/', 2) as part, to_json(exported)::varchar as line
from exported
