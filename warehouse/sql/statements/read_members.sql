select
    k.paper_key, s.sighting_key, s.source, q.trust, s.partition_on, s.is_listed, c.title_text, c.abstract_text, c.authors,
    c.author_count, c.arxiv_id, c.doi, c.published_on, c.published_certainty, c.organization,
    [institution.name for institution in c.institutions], c.links
from core.sightings as s
join members as k on k.sighting_key = s.sighting_key and k.partition_on = s.partition_on
join ops.sources as q on q.source = s.source
join raw.contents as c on c.content_key = s.content_key
order by k.paper_key, s.sighting_key
