select p.paper_key, f.founding_key, p.title
from core.papers as p
join core.founders as f on f.paper_key = p.paper_key
where p.paper_key = coalesce(
    (select paper_key from core.redirects where previous_key = $key),
    (select paper_key from core.matches where sighting_key = $key),
    $key
)
