insert into core.listed by name
with members as (
    select paper_key, partition_on, sighting_key
    from core.matches
    where paper_key in (select paper_key from touched_listings)
),
placed as (
    select
        m.paper_key,
        s.source,
        s.partition_on as listed_on,
        arg_min(s.position, (not s.is_listed, s.position)) as position,
        bool_or(s.is_listed) as is_listed
    from members as m
    join core.sightings as s on s.partition_on = m.partition_on and s.sighting_key = m.sighting_key
    group by all
),
known as (
    select
        m.paper_key,
        n.source,
        arg_max(n.value, (n.observed_at, n.value)) filter (where n.metric = 'upvotes') as upvotes,
        arg_max(n.value, (n.observed_at, n.value)) filter (where n.metric = 'comments') as comments,
        arg_max(n.value, (n.observed_at, n.value)) filter (where n.metric = 'github_stars') as github_stars,
        max(n.observed_at) as observed_at
    from members as m
    join core.metrics as n on n.partition_on = m.partition_on and n.sighting_key = m.sighting_key
    group by all
)
select p.*, k.* exclude (paper_key, source)
from placed as p
left join known as k on k.paper_key = p.paper_key and k.source = p.source
order by p.listed_on, p.source
