select f.source, f.partition_on, f.page_sha256, f.fetched_at, f.reason
from ops.forgotten_readings as f
