select
    source,
    count(*) filter (where status = 'loaded') as loaded,
    count(*) filter (where status = 'unchanged') as unchanged,
    count(*) filter (where status = 'no_list') as no_list,
    count(*) filter (where status = 'refused') as refused,
    count(*) filter (where status = 'failed') as failed,
    max(finished_at) as last_at
from ops.runs
group by source
order by source
