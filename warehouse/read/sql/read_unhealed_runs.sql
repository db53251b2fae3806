-- A page of many partitions is asked for as a whole: a run that failed has none, and any such page heals it.
-- A page that was refused for its time of reading has none either: the same page, read at another time, heals it.
with pages_of_many as (
    select source, page_sha256
    from ops.runs
    where page_sha256 is not null
    group by source, page_sha256
    having count(distinct partition_on) > 1
)
select r.source, r.partition_on, r.status, r.reason, r.finished_at, coalesce(d.state = 'final', false) as is_final
from ops.runs as r
left join ops.partition_states as d on d.source = r.source and d.partition_on = r.partition_on
anti join ops.last_forgotten as f
    on f.source = r.source and f.partition_on = r.partition_on and f.load_order > r.load_order
where r.status in ('refused', 'failed')
    and not exists (
        select 1
        from ops.runs as later
        left join pages_of_many as p on p.source = later.source and p.page_sha256 = later.page_sha256
        where later.source = r.source
            and (
                later.partition_on is not distinct from r.partition_on
                or (r.partition_on is null and (p.source is not null or later.page_sha256 = r.page_sha256))
            )
            and later.finished_at > r.finished_at
            and later.status in ('loaded', 'unchanged', 'no_list')
    )
qualify row_number() over (partition by r.source, r.partition_on order by r.finished_at desc) = 1
order by r.source, r.partition_on
