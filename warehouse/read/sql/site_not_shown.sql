select paper_key, content, source
from core.not_shown
order by paper_key, content, source
