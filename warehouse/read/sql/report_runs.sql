select
    r.source,
    count(*) filter (where status = 'loaded') as loaded,
    count(*) filter (where status = 'unchanged') as unchanged,
    count(*) filter (where status = 'no_list') as no_list,
    count(*) filter (where status = 'refused') as refused,
    count(*) filter (where status = 'failed') as failed,
    max(finished_at) as last_at
from ops.runs as r
left join ops.sources as o on o.source = r.source
where $week_on::date is null or date_trunc('week', r.partition_on + (o.partition_days - 1) // 2) = $week_on
group by r.source
order by r.source
