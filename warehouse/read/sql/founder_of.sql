select founding_key
from core.founders
where paper_key = $key
