create temp table withheld_texts as
select m.paper_key, t.content, t.text
from texts_of_records() as t
left join core.matches as m on m.sighting_key = t.sighting_key
union
select i.paper_key, 'abstract', f.abstract
from withheld_ids as i
join raw.arxiv_facts as f on f.arxiv_id = i.arxiv_id
where i.content = 'abstract' and f.abstract is not null
