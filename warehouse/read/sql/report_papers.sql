with placed as (
    select m.paper_key, s.source, s.partition_on, o.partition_days, s.position, c.organization
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where s.is_listed
        and c.review is null
        and not o.is_archive
        and not core.is_dump(o.partition_days, o.closing)
        and date_trunc('week', s.partition_on + (o.partition_days - 1) // 2) = $week_on
),
listed as (
    select
        paper_key,
        list(distinct source order by source) as week_sources,
        min(partition_on) filter (where partition_days = 1) as listed_on,
        min(partition_on) as first_on,
        min(position) as position,
        max(organization) as organization
    from placed
    group by paper_key
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
last_read as (
    select
        paper_key,
        metric,
        max_by(value, (observed_at, value)) as value
    from marts.metric_history
    where paper_key in (select paper_key from listed)
    group by paper_key, metric
),
numbers as (
    select
        paper_key,
        max(value) filter (where metric = 'upvotes') as upvotes,
        max(value) filter (where metric = 'comments') as comments,
        max(value) filter (where metric = 'github_stars') as stars
    from last_read
    group by paper_key
)
select
    p.paper_key,
    p.title,
    p.abstract,
    p.is_withheld,
    p.arxiv_id,
    p.doi,
    p.links,
    p.authors,
    p.author_count,
    p.institutions,
    l.organization,
    l.week_sources,
    l.listed_on,
    f.first_listed_on,
    case when p.first_reviewed_on < $week_on - 3 then p.first_reviewed_on end as reviewed_since,
    f.first_listed_on >= l.first_on as is_new,
    n.upvotes,
    n.comments,
    n.stars
from listed as l
join marts.papers as p on p.paper_key = l.paper_key
join first_lists as f on f.paper_key = l.paper_key
left join numbers as n on n.paper_key = l.paper_key
order by n.upvotes desc nulls last, l.listed_on desc nulls last, l.position, p.paper_key
