select f.paper_key, f.founding_key, f.founded_order
from core.founders as f
where f.founding_key in (select sighting_key from stage_keys)
    or f.paper_key in (
        select m.paper_key
        from core.matches as m
        join stage_keys as k on k.sighting_key = m.sighting_key
    )
order by f.founded_order
