select m.sighting_key, s.is_listed, c.title_text, m.rule, m.score, m.evidence, m.decided_at_run
from core.matches as m
join core.sightings as s on s.sighting_key = m.sighting_key
join raw.contents as c on c.content_key = s.content_key
where m.paper_key = $key
order by m.rule <> 'founded', m.sighting_key
