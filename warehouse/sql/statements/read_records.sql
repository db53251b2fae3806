select
    s.sighting_key, s.source, s.partition_on, c.arxiv_id, c.doi, c.title_text, c.abstract_text, c.authors,
    c.published_on, [institution.name for institution in c.institutions], [link.url for link in c.links], c.author_count,
    case when c.abstract_text is null then c.review.summary end
from core.sightings as s
join stage_keys as k on k.sighting_key = s.sighting_key and k.partition_on = s.partition_on
join raw.contents as c on c.content_key = s.content_key
order by s.sighting_key
