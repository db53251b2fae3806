select coalesce(max(founded_order), 0)
from core.founders
