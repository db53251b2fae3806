with numbered as (
    select
        row_number() over (order by source, partition_on, page_sha256, section, position, reason, run_id) as number,
        *
    from ops.counted_quarantine
)
select *
from numbered
where number = $number and ($source is null or $source in (source, core.family_of(source))) and (resolved_at is null or $everything)
