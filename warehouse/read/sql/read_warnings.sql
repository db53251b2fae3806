-- What was observed is that of the day that is named: the last one, by its last run.
select
    r.source,
    f.check_name,
    count(*) as findings_count,
    max(r.partition_on) as last_on,
    max_by(f.observed, (coalesce(r.partition_on, '0001-01-01'::date), r.load_order, f.observed)) as observed
from marts.findings as f
join ops.runs as r on r.run_id = f.run_id
anti join ops.last_forgotten as t
    on t.source = r.source and t.partition_on = r.partition_on and t.load_order > r.load_order
where f.level = 'warning'
group by r.source, f.check_name
order by r.source, f.check_name
