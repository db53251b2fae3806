with named as (
    select paper_key, min(sighting_key) as paper
    from core.matches
    group by paper_key
)
select
    n.paper,
    k.source,
    k.metric,
    k.observed_at,
    k.value,
    k.sighting_key,
    k.page_sha256
from core.metrics as k
join core.matches as m on m.sighting_key = k.sighting_key
join named as n on n.paper_key = m.paper_key
order by k.sighting_key, k.metric, k.observed_at
