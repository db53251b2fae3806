-- Links are of a sighting; several papers may link to one repository.
select distinct p.paper_key, f.founding_key, p.title
from raw.contents as c
join core.sightings as s on s.content_key = c.content_key
join core.matches as m on m.sighting_key = s.sighting_key
join core.papers as p on p.paper_key = m.paper_key
join core.founders as f on f.paper_key = p.paper_key
where contains($address, '://')
    and list_contains([rtrim(link.url, '/') for link in c.links], $address)
order by p.paper_key
