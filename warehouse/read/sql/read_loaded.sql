select distinct source, partition_on, page_sha256, fetched_at
from raw.readings
order by source, fetched_at, page_sha256
