-- The smallest record of each paper: exported facts are named by it.
create or replace temp table smallest_records as
select paper_key, min(sighting_key) as record
from core.matches
group by paper_key
