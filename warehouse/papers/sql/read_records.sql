select
    r.sighting_key as key,
    r.source,
    r.partition_on,
    c.* exclude (content_key, title_raw, abstract_raw, review, links)
        replace ([institution.name for institution in c.institutions] as institutions)
        rename (title_text as title, abstract_text as abstract),
    [link.url for link in c.links] as urls,
    case when c.abstract_text is null then c.review.summary end as description
from raw.contents as c
join records as r on r.content_key = c.content_key
order by r.sighting_key
