select r.*, l.outcome, l.is_closed, l.is_degraded, l.is_partial, l.run_id as first_run_id
from raw.readings as r
join raw.listings as l
    on l.source = r.source and l.partition_on = r.partition_on and l.page_sha256 = r.page_sha256
join stage_touched as t on t.source = r.source and t.partition_on = r.partition_on
order by r.fetched_at, r.page_sha256
