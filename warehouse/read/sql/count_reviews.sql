select
    count(*) as reviews,
    count(*) filter (where p.title is not null and not p.is_named_by_arxiv) as printed,
    count(*) filter (where p.is_named_by_arxiv) as named_by_arxiv,
    count(*) filter (where p.title is null) as untitled
from marts.reviews as r
join marts.papers as p on p.paper_key = r.paper_key
