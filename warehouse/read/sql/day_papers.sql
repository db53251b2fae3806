select
    d.source,
    d.series,
    d.rank,
    d.upvotes_rank,
    d.title,
    d.upvotes,
    d.is_listed,
    d.paper_key,
    p.arxiv_id,
    p.first_reviewed_on
from marts.papers_daily as d
join marts.papers as p on p.paper_key = d.paper_key
where d.listed_on = $day::date
order by d.source, d.series nulls first, d.rank, d.paper_key
