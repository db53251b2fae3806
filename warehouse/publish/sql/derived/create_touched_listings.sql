-- All papers that are or were on a list of a day that changed.
create or replace temp table touched_listings as
select paper_key
from core.listed
where listed_on in (select partition_on from changed_days)
union
select paper_key
from core.matches
where partition_on in (select partition_on from changed_days)
