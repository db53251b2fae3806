select
    m.paper_key, m.sighting_key, m.source, q.trust, m.partition_on, m.is_listed, c.title_text, c.abstract_text, c.authors,
    c.author_count, c.arxiv_id, c.doi, c.published_on, c.published_certainty, c.organization,
    [institution.name for institution in c.institutions], c.links
from raw.contents as c
join members as m on m.content_key = c.content_key
join ops.sources as q on q.source = m.source
order by m.paper_key, m.sighting_key
