select distinct p.paper_key, p.title
from core.matches as m
join marts.papers as p on p.paper_key = m.paper_key
where m.sighting_key in (select unnest($sightings::varchar[]))
order by p.paper_key
