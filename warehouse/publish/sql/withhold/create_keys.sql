create temp table withheld_keys as
select text_key(text) as key
from texts_of_records()
where text_key(text) is not null
union
select text_key(f.abstract)
from ids_of_records() as i
join raw.arxiv_facts as f on f.arxiv_id = i.arxiv_id
where i.content = 'abstract' and text_key(f.abstract) is not null
