select f.*
from core.founders as f
join stage_paper_keys as k on k.paper_key = f.paper_key
order by f.founded_order
