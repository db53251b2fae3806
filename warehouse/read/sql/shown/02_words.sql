-- What each sighting says that belongs to somebody.
create temp table words as
select
    m.paper_key,
    s.sighting_key,
    s.content_key,
    core.family_of(s.source) as source,
    o.trust,
    c.abstract_text,
    c.review is not null as has_review,
    c.site_summary is not null as has_summary,
    c.submitted_by is not null as has_account
from core.sightings as s
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key
join ops.sources as o on o.source = s.source
