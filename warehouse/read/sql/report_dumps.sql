select
    s.source,
    s.partition_on,
    p.paper_key,
    any_value(p.title) as title,
    any_value(p.abstract) as abstract,
    any_value(p.is_withheld) as is_withheld,
    any_value(p.arxiv_id) as arxiv_id,
    any_value(p.doi) as doi,
    any_value(p.links) as links,
    any_value(p.published_on) as published_on,
    null::bigint as upvotes,
    null::date as listed_on
from core.sightings as s
join ops.sources as o on o.source = s.source
join core.matches as m on m.sighting_key = s.sighting_key
join marts.papers as p on p.paper_key = m.paper_key
where s.is_listed
    and not o.is_archive
    and core.is_dump(o.partition_days, o.closing)
    and s.partition_on >= $week_on
    and s.partition_on < $week_on + 7
group by s.source, s.partition_on, p.paper_key
order by s.source, s.partition_on, min(s.position), p.paper_key
