select r.source, f.check_name, count(*) as runs, max(r.partition_on) as last_on, any_value(f.observed) as observed
from marts.findings as f
join marts.runs as r on r.run_id = f.run_id
where f.level = 'warning'
group by r.source, f.check_name
order by r.source, f.check_name
