with named as (
    select paper_key, min(sighting_key) as paper
    from core.matches
    group by paper_key
)
select n.paper, w.content, w.source
from marts.withheld as w
join named as n on n.paper_key = w.paper_key
order by n.paper, w.content, w.source
