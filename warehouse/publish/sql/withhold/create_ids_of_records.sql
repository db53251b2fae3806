create temp macro ids_of_records() as table
select i.paper_key, i.arxiv_id, r.content, r.name
from withheld_records as r
join core.matches as m on m.sighting_key = r.sighting_key
join arxiv_ids as i on i.paper_key = m.paper_key
union
select m.paper_key, c.arxiv_id, r.content, r.name
from withheld_records as r
join raw.entries as e on e.sighting_key = r.sighting_key
join raw.contents as c on c.content_key = e.content_key
left join core.matches as m on m.sighting_key = r.sighting_key
where c.arxiv_id is not null
