create temp table withheld_ids as
select distinct p.paper_key, p.arxiv_id, r.content, r.name
from withheld_records as r
join core.matches as m on m.sighting_key = r.sighting_key
join marts.papers as p on p.paper_key = m.paper_key
where p.arxiv_id is not null
