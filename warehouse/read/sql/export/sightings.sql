with named as (
    select paper_key, min(sighting_key) as paper
    from core.matches
    group by paper_key
)
select
    s.sighting_key,
    n.paper,
    s.source,
    s.partition_on,
    s.section,
    s.position,
    s.first_line,
    s.page_sha256,
    s.is_listed,
    c.* exclude (content_key, review, site_summary, site_keywords, thumbnail_url, author_claims, categories, comments, journal_ref)
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join named as n on n.paper_key = m.paper_key
join raw.contents as c on c.content_key = s.content_key
order by s.sighting_key
