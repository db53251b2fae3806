with placed as (
    select distinct
        date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
        m.paper_key
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where s.is_listed
        and not o.is_archive
        and not core.is_dump(o.partition_days, o.closing)
        and c.review is null
        and date_trunc('week', s.partition_on + (o.partition_days - 1) // 2) between $first_week_on and $week_on
),
named as (
    select distinct p.week_on, p.paper_key, i.institution_key as key, i.institution as name
    from placed as p
    join marts.paper_institutions as i on i.paper_key = p.paper_key
),
totals as (
    select week_on, count(distinct paper_key) as of_count
    from named
    group by week_on
)
select n.key, n.name, n.week_on, count(distinct n.paper_key) as papers_count, any_value(t.of_count) as of_count
from named as n
join totals as t on t.week_on = n.week_on
group by n.key, n.name, n.week_on
qualify max(count(distinct n.paper_key)) over (partition by n.key) > 1
union all
select '', '', week_on, 0, of_count
from totals
order by key, week_on
