select r.source, r.partition_on, r.status, r.reason, r.finished_at
from marts.runs as r
where r.status in ('refused', 'failed')
    and not exists (
        select 1
        from marts.runs as later
        where later.source = r.source
            and later.partition_on is not distinct from r.partition_on
            and later.finished_at > r.finished_at
            and later.status in ('loaded', 'unchanged', 'no_list')
    )
qualify row_number() over (partition by r.source, r.partition_on order by r.finished_at desc) = 1
order by r.source, r.partition_on
