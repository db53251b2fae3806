select
    m.paper_key,
    core.family_of(n.source) as source,
    n.metric,
    n.observed_at,
    max(n.value) as value
from core.metrics as n
join core.matches as m on m.partition_on = n.partition_on and m.sighting_key = n.sighting_key
where m.paper_key in (select unnest($keys))
group by all
order by n.metric, source, n.observed_at
