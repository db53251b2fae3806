-- The last upvotes of each paper that were read by $at.
select m.paper_key, arg_max(n.value, (n.observed_at, n.value)) as upvotes
from core.metrics as n
join core.matches as m on m.sighting_key = n.sighting_key
where n.metric = 'upvotes' and n.observed_at <= $at::timestamp
group by m.paper_key
