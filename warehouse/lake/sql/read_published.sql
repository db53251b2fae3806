select snapshot_id, published_at, is_kept
from lake.published
order by snapshot_id
