select
    r.source,
    f.check_name,
    f.level,
    count(distinct f.run_id) as runs_count,
    max(r.partition_on) as last_on,
    max_by(f.observed, (coalesce(r.partition_on, '0001-01-01'::date), r.load_order, f.observed)) as observed,
    max_by(f.expected, (coalesce(r.partition_on, '0001-01-01'::date), r.load_order, f.expected)) as expected
from marts.findings as f
join ops.runs as r on r.run_id = f.run_id
group by r.source, f.check_name, f.level
order by f.level, runs_count desc, r.source, f.check_name
