select coalesce(max(record), 0)
from records
