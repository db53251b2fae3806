select l.partition_on, l.entries_count, l.shape as numbers
from raw.listings as l
join ops.partitions as p on p.source = l.source and p.partition_on = l.partition_on and p.state in ('open', 'final')
join raw.readings as r
    on r.source = l.source and r.partition_on = l.partition_on and r.page_sha256 = l.page_sha256
anti join ops.forgotten_readings as f
    on f.source = r.source
    and f.partition_on = r.partition_on
    and f.page_sha256 = r.page_sha256
    and f.fetched_at = r.fetched_at
where l.source = $source
    and l.partition_on between $first and $last
    and l.outcome = 'listing'
    and not l.is_degraded
    and not l.is_partial
    and l.shape is not null
qualify row_number() over (partition by l.partition_on order by r.fetched_at desc, l.page_sha256) = 1
order by l.partition_on
