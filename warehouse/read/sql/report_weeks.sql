select
    date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
    count(distinct s.paper_key) as papers_count
from marts.sightings as s
join marts.sources as o on o.source = s.source
where s.is_listed
group by week_on
order by week_on desc
