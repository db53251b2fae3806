with placed as (
    select
        date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
        m.paper_key,
        c.review is not null as is_review,
        core.is_dump(o.partition_days, o.closing) as is_dump
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where s.is_listed and not o.is_archive
)
select
    week_on,
    count(distinct paper_key) filter (where not is_review and not is_dump) as papers_count,
    count(distinct paper_key) filter (where is_review) as reviewed_count,
    count(distinct paper_key) filter (where not is_review and is_dump) as dumped_count
from placed
group by week_on
order by week_on desc
