-- The strongest comparisons of each paper. One with another paper is of both.
with members as materialized (
    select sighting_key, paper_key
    from core.matches
    where paper_key in (select unnest($keys))
),
of_papers as (
    select m.paper_key, c.*
    from core.comparisons as c
    join members as m on m.sighting_key = c.left_key
    union
    select m.paper_key, c.*
    from core.comparisons as c
    join members as m on m.sighting_key = c.right_key
)
select
    c.paper_key,
    c.left_key,
    c.right_key,
    c.verdict,
    c.rule,
    c.score,
    c.evidence::json as evidence,
    l.paper_key = r.paper_key as is_one_paper,
    case when l.paper_key = r.paper_key then null when l.paper_key = c.paper_key then r.paper_key else l.paper_key end
        as other_key
from of_papers as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
qualify row_number() over (partition by c.paper_key order by is_one_paper desc, c.score desc, c.left_key, c.right_key) <= $most
order by is_one_paper desc, c.score desc, c.left_key, c.right_key
