-- All records of the papers that are meant, and those meant that belong to no paper now.
create temp table withheld_records as
select distinct other.sighting_key, w.content, w.name
from stage_withheld as w
join core.matches as m on m.sighting_key = w.sighting_key
join core.matches as other on other.paper_key = m.paper_key
union
select sighting_key, content, name
from stage_withheld
where sighting_key is not null
