select d.kind, d.left_key, d.right_key, d.reason, d.decided_at
from ops.decisions as d
where exists (
    from core.matches as m
    where m.paper_key = $key and m.sighting_key in (d.left_key, d.right_key)
)
order by d.decided_at
