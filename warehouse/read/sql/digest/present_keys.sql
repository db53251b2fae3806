-- The papers that have these records now, and those that these keys lead to.
select sighting_key as name, paper_key
from core.matches
where sighting_key in (select unnest($names))
union all
select previous_key, paper_key
from core.redirects
where previous_key in (select unnest($names))
union all
select paper_key, paper_key
from core.papers
where paper_key in (select unnest($names))
