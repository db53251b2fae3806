select
    count(*) as reviews,
    count(p.title) as printed,
    count(r.title) - count(p.title) as named_by_arxiv,
    count(*) - count(r.title) as untitled
from marts.reviews as r
join core.papers as p on p.paper_key = r.paper_key
