-- The papers of the reviews that are named by a day, those on top first.
select m.paper_key
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join ops.sources as o on o.source = s.source
where s.partition_on = $on and m.partition_on = $on and s.is_listed and o.partition_days > 1
group by m.paper_key
order by min(s.section = 'top') filter (where s.section is not null) is not true, min(o.trust), min(s.position), m.paper_key
limit $most
