select c.verdict, c.score, l.paper_key as left_paper, r.paper_key as right_paper, c.left_key, c.right_key, c.evidence
from core.comparisons as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
where l.paper_key <> r.paper_key
order by c.score desc, c.left_key, c.right_key
