select
    r.source,
    f.check_name,
    f.level,
    count(distinct f.run_id) as runs_count,
    max(r.partition_on) as last_on,
    max_by(f.observed, (r.partition_on, r.load_order, f.observed)) as observed,
    max_by(f.expected, (r.partition_on, r.load_order, f.expected)) as expected
from marts.findings as f
join ops.runs as r on r.run_id = f.run_id
left join ops.sources as o on o.source = r.source
where $week_on::date is null or date_trunc('week', r.partition_on + (o.partition_days - 1) // 2) = $week_on
group by r.source, f.check_name, f.level
order by f.level, runs_count desc, r.source, f.check_name
