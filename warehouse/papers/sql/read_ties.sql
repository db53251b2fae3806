select left_key, right_key
from core.comparisons
where verdict <> 'undecided'
union all
select left_key, right_key
from ops.decisions
where kind = 'same'
union all
select min(sighting_key) over (partition by paper_key), sighting_key
from core.matches
