select p.*, f.founding_key
from marts.papers as p
join core.founders as f on f.paper_key = p.paper_key
where p.paper_key = $key
