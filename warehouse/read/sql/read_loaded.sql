select distinct source, partition_on, page_sha256, fetched_at
from raw.readings
union all
select service, null, page_sha256, fetched_at
from raw.fact_answers
order by source, fetched_at, page_sha256
