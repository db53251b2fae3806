with numbered as (
    select
        row_number() over (order by source, partition_on, page_sha256, section, position, reason, run_id) as number,
        *
    from ops.counted_quarantine
)
select number, source, partition_on, section, position, reason, detail, resolved_at
from numbered
where ($source is null or $source in (source, core.family_of(source))) and (resolved_at is null or $everything)
order by number
