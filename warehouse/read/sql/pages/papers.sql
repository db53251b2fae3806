-- The papers of these keys. Joins name the partition too: by it most of a large table is passed over. Where there are few
-- keys, rows are looked through for them before the rest of each row is read, which a join would not do.
with members as materialized (
    select m.paper_key, s.sighting_key, s.source, s.partition_on, s.content_key
    from core.matches as m
    join core.sightings as s on s.partition_on = m.partition_on and s.sighting_key = m.sighting_key
    where m.paper_key in (select unnest($keys))
),
reads as (
    select m.paper_key, n.metric, n.observed_at, max(n.value) as value
    from core.metrics as n
    join members as m on m.partition_on = n.partition_on and m.sighting_key = n.sighting_key
    group by all
),
numbers as (
    select
        paper_key,
        arg_max(value, observed_at, 2) filter (where metric = 'upvotes') as upvotes,
        arg_max(value, observed_at) filter (where metric = 'comments') as comments,
        arg_max(value, observed_at) filter (where metric = 'github_stars') as stars
    from reads
    group by paper_key
),
filed as (
    select m.paper_key, max(c.organization) as organization
    from members as m
    join raw.contents as c on c.content_key = m.content_key
    group by m.paper_key
)
select
    p.paper_key,
    p.title,
    p.abstract,
    p.authors,
    p.author_count,
    p.arxiv_id,
    p.doi,
    p.links,
    p.institutions,
    f.organization,
    p.sources,
    p.venue,
    p.first_listed_on as listed_on,
    p.first_listed_on,
    p.first_reviewed_on,
    n.upvotes[1] as upvotes,
    n.upvotes[1] - n.upvotes[2] as gained,
    n.comments,
    n.stars
from marts.papers as p
left join numbers as n on n.paper_key = p.paper_key
left join filed as f on f.paper_key = p.paper_key
where p.paper_key in (select unnest($keys)) and (len($keys) > 100 or list_contains($keys, p.paper_key))
