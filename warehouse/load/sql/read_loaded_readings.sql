select r.page_sha256, r.fetched_at
from raw.readings as r
anti join ops.forgotten_readings as f
    on f.source = r.source
    and f.partition_on = r.partition_on
    and f.page_sha256 = r.page_sha256
    and f.fetched_at = r.fetched_at
where r.source = $source and r.partition_on = $partition_on
order by r.fetched_at, r.page_sha256
