select distinct r.previous_key, r.paper_key
from core.redirects as r
join stage_paper_keys as k on k.paper_key in (r.previous_key, r.paper_key)
order by r.previous_key
