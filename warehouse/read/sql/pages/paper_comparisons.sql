with members as materialized (select sighting_key from core.matches where paper_key = $key),
compared as materialized (
    select *
    from core.comparisons
    where left_key in (select sighting_key from members) or right_key in (select sighting_key from members)
)
select
    c.left_key,
    c.right_key,
    c.verdict,
    c.rule,
    c.score,
    c.evidence::json as evidence,
    l.paper_key = r.paper_key as is_one_paper,
    case when l.paper_key = r.paper_key then null when l.paper_key = $key then r.paper_key else l.paper_key end as other_key
from compared as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
order by is_one_paper desc, c.score desc, c.left_key, c.right_key
limit $most
