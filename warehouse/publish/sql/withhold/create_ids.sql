-- Also ids of no paper, where arXiv has a withheld text under another id.
create temp table withheld_ids as
select paper_key, arxiv_id, content, name
from ids_of_records()
union
select i.paper_key, f.arxiv_id, 'abstract', null
from raw.arxiv_facts as f
left join arxiv_ids as i on i.arxiv_id = f.arxiv_id
where text_key(f.abstract) in (select key from withheld_keys)
