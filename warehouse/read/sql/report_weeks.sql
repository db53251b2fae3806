select
    date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
    count(distinct m.paper_key) filter (where c.review is null) as papers_count,
    count(distinct m.paper_key) filter (where c.review is not null) as reviewed_count
from core.sightings as s
join ops.sources as o on o.source = s.source
join core.matches as m on m.sighting_key = s.sighting_key
join raw.contents as c on c.content_key = s.content_key
where s.is_listed and not o.is_archive
group by week_on
order by week_on desc
