select source, null::date as partition_on, page_sha256
from ops.counted_quarantine
where resolved_at is null
union
select l.source, null, l.page_sha256
from (
    from ops.runs
    where page_sha256 is not null
    qualify row_number() over (partition by source, page_sha256 order by load_order desc) = 1
) as l
anti join ops.forgotten_listings as f
    on f.source = l.source and f.partition_on = l.partition_on and f.page_sha256 = l.page_sha256
where l.status = 'refused'
union
select source, partition_on, null
from ops.partition_states
where cause = 'extractor_failed'
