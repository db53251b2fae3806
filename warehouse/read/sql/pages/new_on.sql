-- How many of the papers of a day's digests are new: no source listed or reviewed them before.
select count(*) as papers_count, count(*) filter (where least(p.first_listed_on, p.first_reviewed_on) >= $on) as new_count
from core.papers as p
where p.paper_key in (
    select m.paper_key
    from core.sightings as s
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
    join ops.sources as o on o.source = s.source
    where s.partition_on = $on and m.partition_on = $on and s.is_listed and not o.is_archive
)
