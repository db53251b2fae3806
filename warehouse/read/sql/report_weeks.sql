select
    date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
    count(distinct s.paper_key) as papers_count
from marts.sightings as s
join ops.sources as o on o.source = core.list_of(s.source, s.series)
where s.is_listed and not o.is_archive
group by week_on
order by week_on desc
