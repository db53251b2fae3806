select p.paper_key, f.founding_key, p.title
from core.papers as p
join core.founders as f on f.paper_key = p.paper_key
where strip_accents(lower(p.title)) like $pattern
order by p.paper_key
