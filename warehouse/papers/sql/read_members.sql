select
    m.paper_key,
    m.sighting_key,
    m.source,
    q.trust,
    coalesce(q.is_archive, false) as is_archive,
    m.partition_on,
    m.is_listed,
    c.review is not null as is_review,
    m.is_doubtful,
    c.* exclude (content_key, title_raw, abstract_raw, review)
        replace ([institution.name for institution in c.institutions] as institutions)
        rename (title_text as title, abstract_text as abstract)
from raw.contents as c
join members as m on m.content_key = c.content_key
join ops.sources as q on q.source = m.source
order by m.paper_key, m.sighting_key
