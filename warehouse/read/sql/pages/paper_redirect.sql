select paper_key
from core.redirects
where previous_key = $key
