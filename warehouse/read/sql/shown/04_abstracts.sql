-- The abstract that may be shown of each paper: the same text if anybody lets it be shown, else another one.
create temp table shown_abstracts as
with texts as (
    select paper_key, abstract_text as text, trust, sighting_key
    from words
    where abstract_text is not null and source not in (select source from core.terms where content = 'abstract')
    union all
    select p.paper_key, f.abstract, 0, f.arxiv_id
    from marts.papers as p
    join marts.arxiv_facts as f on f.arxiv_id = p.arxiv_id
    where f.abstract is not null and f.service not in (select source from core.terms where content = 'abstract')
)
select t.paper_key, arg_min(t.text, (t.text is distinct from p.abstract, t.trust, t.sighting_key)) as text
from texts as t
join core.papers as p on p.paper_key = t.paper_key
group by t.paper_key
