with named as (
    select paper_key, min(sighting_key) as paper
    from core.matches
    group by paper_key
)
select
    n.paper,
    r.* exclude (paper_key, title, arxiv_id, authors, first_version_on)
from marts.reviews as r
join named as n on n.paper_key = r.paper_key
order by n.paper, r.source, r.partition_on
