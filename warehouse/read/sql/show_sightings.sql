select
    s.source,
    s.series,
    s.partition_on,
    s.section,
    s.position,
    s.is_listed,
    s.title_text,
    s.author_count,
    s.published_on,
    s.published_certainty,
    s.submitted_by,
    s.organization,
    s.site_summary,
    s.site_keywords,
    s.comments,
    s.sighting_key,
    m.rule,
    m.score,
    m.evidence
from marts.sightings as s
join marts.matches as m on m.sighting_key = s.sighting_key
where s.paper_key = $key
order by s.partition_on, s.source, s.series nulls first, s.section desc nulls first, s.position
