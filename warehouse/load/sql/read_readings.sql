select r.*, l.outcome, l.is_closed, l.is_degraded, l.is_partial, l.run_id as first_run_id
from raw.readings as r
join raw.listings as l
    on l.source = r.source and l.partition_on = r.partition_on and l.page_sha256 = r.page_sha256
join stage_touched as t on t.source = r.source and t.partition_on = r.partition_on
anti join ops.forgotten_readings as f
    on f.source = r.source
    and f.partition_on = r.partition_on
    and f.page_sha256 = r.page_sha256
    and f.fetched_at = r.fetched_at
order by r.fetched_at, r.page_sha256
