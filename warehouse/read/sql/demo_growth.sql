select s.partition_on as list_day, sum(a.value)::bigint as noon_after, sum(b.value)::bigint as latest
from sightings as s
join metric_asof('2025-03-08') as a on a.paper_key = s.paper_key and a.metric = 'upvotes'
join metric_asof(current_date + 1) as b on b.paper_key = s.paper_key and b.metric = 'upvotes'
where s.source = 'hf_daily' and s.is_listed
group by s.partition_on
order by s.partition_on
