select previous_key, paper_key
from core.redirects
order by previous_key
