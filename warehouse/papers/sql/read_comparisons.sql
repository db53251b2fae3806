select distinct
    c.left_key as "left",
    c.right_key as "right",
    c.verdict,
    c.rule,
    c.score,
    c.evidence::json as evidence
from core.comparisons as c
join stage_keys as k on k.sighting_key in (c.left_key, c.right_key)
order by c.left_key, c.right_key
