-- Every arXiv id that a record of a paper has, and the one by which arXiv names the paper.
create temp table arxiv_ids as
select m.paper_key, c.arxiv_id
from core.matches as m
join raw.entries as e on e.sighting_key = m.sighting_key
join raw.contents as c on c.content_key = e.content_key
where c.arxiv_id is not null
union
select paper_key, arxiv_id
from marts.papers
where arxiv_id is not null
