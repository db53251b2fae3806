with named as (
    select paper_key, min(sighting_key) as paper
    from core.matches
    group by paper_key
)
select
    n.paper,
    p.* exclude (paper_key, previous_keys)
from core.papers as p
join named as n on n.paper_key = p.paper_key
order by n.paper
