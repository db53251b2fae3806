select
    r.sighting_key, r.source, r.partition_on, c.arxiv_id, c.doi, c.title_text, c.abstract_text, c.authors,
    c.published_on, [institution.name for institution in c.institutions], [link.url for link in c.links], c.author_count,
    case when c.abstract_text is null then c.review.summary end
from raw.contents as c
join records as r on r.content_key = c.content_key
order by r.sighting_key
