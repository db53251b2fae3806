select s.sighting_key
from core.sightings as s
join raw.contents as c on c.content_key = s.content_key
where c.title_text is null and c.arxiv_id is null and list_contains($abstract_keys, core.abstract_key(c.abstract_text))
order by s.sighting_key
