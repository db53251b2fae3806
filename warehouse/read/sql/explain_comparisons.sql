select
    c.left_key,
    c.right_key,
    c.verdict,
    c.rule,
    c.score,
    c.evidence::json as evidence,
    l.paper_key = r.paper_key as is_one_paper
from core.comparisons as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
where $key in (l.paper_key, r.paper_key)
order by c.score desc, c.left_key, c.right_key
