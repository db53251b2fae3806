create or replace temp table members as
with doubtful as (
    select unnest([left_key, right_key]) as sighting_key
    from core.comparisons
    where verdict = 'suspect_identifier'
)
select
    m.paper_key,
    s.sighting_key,
    s.source,
    s.partition_on,
    s.is_listed,
    s.content_key,
    s.sighting_key in (select sighting_key from doubtful) as is_doubtful
from core.matches as m
join stage_paper_keys as k on k.paper_key = m.paper_key
join core.sightings as s on s.sighting_key = m.sighting_key and s.partition_on = m.partition_on
