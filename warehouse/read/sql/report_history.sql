with placed as (
    select
        date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on,
        s.sighting_key,
        s.source,
        s.partition_on,
        m.paper_key,
        c.review is not null as is_review
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where s.is_listed
        and not o.is_archive
        and not core.is_dump(o.partition_days, o.closing)
        and date_trunc('week', s.partition_on + (o.partition_days - 1) // 2) between $first_week_on and $week_on
),
read_upvotes as (
    select p.week_on, p.paper_key, max(n.value) as upvotes
    from placed as p
    join core.metrics as n on n.sighting_key = p.sighting_key
    where n.metric = 'upvotes'
        and not p.is_review
        and n.observed_at >= p.partition_on
        and n.observed_at < p.partition_on + interval 4 days
    group by all
),
upvotes as (
    select week_on, median(upvotes) as upvotes_median, max(upvotes) as upvotes_most
    from read_upvotes
    group by week_on
),
listed as (
    select week_on, paper_key, min(partition_on) as first_on
    from placed
    where not is_review
    group by all
),
first_lists as (
    select m.paper_key, min(s.partition_on) as first_listed_on
    from core.matches as m
    join core.sightings as s on s.sighting_key = m.sighting_key
    join ops.sources as o on o.source = s.source
    join raw.contents as c on c.content_key = s.content_key
    where m.paper_key in (select paper_key from listed)
        and s.is_listed
        and c.review is null
        and not o.is_archive
        and not core.is_dump(o.partition_days, o.closing)
    group by m.paper_key
),
new as (
    select l.week_on, count(*) filter (where f.first_listed_on >= l.first_on) as new_count
    from listed as l
    join first_lists as f on f.paper_key = l.paper_key
    group by l.week_on
)
select
    p.week_on,
    count(distinct p.paper_key) filter (where not p.is_review) as papers_count,
    count(distinct (p.source, p.partition_on)) filter (where not p.is_review) as lists_count,
    count(distinct p.paper_key) filter (where p.is_review) as reviewed_count,
    coalesce(any_value(n.new_count), 0) as new_count,
    any_value(u.upvotes_median) as upvotes_median,
    any_value(u.upvotes_most) as upvotes_most
from placed as p
left join new as n on n.week_on = p.week_on
left join upvotes as u on u.week_on = p.week_on
group by p.week_on
order by p.week_on
