with placed as (
    select distinct
        date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
        m.paper_key,
        trim(k.keyword) as name
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    cross join unnest(c.site_keywords) as k(keyword)
    where s.is_listed
        and not o.is_archive
        and not core.is_dump(o.partition_days, o.closing)
        and c.review is null
        and trim(k.keyword) <> ''
        and date_trunc('week', s.partition_on + (o.partition_days - 1) // 2) between $first_week_on and $week_on
),
totals as (
    select week_on, count(distinct paper_key) as of_count
    from placed
    group by week_on
),
names as (
    select lower(name) as key, mode(name order by name) as name
    from placed
    group by all
)
select n.key, n.name, p.week_on, count(distinct p.paper_key) as papers_count, any_value(t.of_count) as of_count
from placed as p
join names as n on n.key = lower(p.name)
join totals as t on t.week_on = p.week_on
group by n.key, n.name, p.week_on
qualify max(count(distinct p.paper_key)) over (partition by n.key) > 1
union all
select '', '', week_on, 0, of_count
from totals
order by key, week_on
