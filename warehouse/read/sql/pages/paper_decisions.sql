select distinct m.paper_key, d.kind, d.left_key, d.right_key, d.reason, d.decided_at
from ops.decisions as d
join core.matches as m on m.sighting_key in (d.left_key, d.right_key)
where m.paper_key in (select unnest($keys))
order by d.decided_at
