select source, null::date as partition_on, page_sha256
from marts.quarantine
where resolved_at is null
union
select source, null, page_sha256
from (
    from marts.runs
    where page_sha256 is not null
    qualify row_number() over (partition by source, page_sha256 order by load_order desc) = 1
)
where status = 'refused'
union
select source, partition_on, null
from marts.partitions
where cause = 'extractor_failed'
