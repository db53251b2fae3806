-- The same of a stored sighting as warehouse/papers/sql/read_records.sql.
select
    s.sighting_key as key,
    s.source,
    s.partition_on,
    c.* exclude (content_key, title_raw, abstract_raw, review, links)
        replace ([institution.name for institution in c.institutions] as institutions)
        rename (title_text as title, abstract_text as abstract),
    [link.url for link in c.links] as urls,
    case when c.abstract_text is null then c.review.summary end as description
from core.matches as m
join core.sightings as s on s.sighting_key = m.sighting_key
join raw.contents as c on c.content_key = s.content_key
where m.paper_key = $key
order by s.sighting_key
