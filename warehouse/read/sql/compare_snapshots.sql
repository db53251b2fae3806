with merged as (
    select r.paper_key, b.paper_key as previous_key
    from before.marts.papers as b
    join after.core.redirects as r on r.previous_key = b.paper_key
    anti join after.marts.papers as a on a.paper_key = b.paper_key
),
added as (
    select a.paper_key, r.previous_key is not null as is_split
    from after.marts.papers as a
    anti join before.marts.papers as b on b.paper_key = a.paper_key
    left join before.core.redirects as r on r.previous_key = a.paper_key
),
removed as (
    select b.paper_key, b.title
    from before.marts.papers as b
    anti join after.marts.papers as a on a.paper_key = b.paper_key
    anti join merged as m on m.previous_key = b.paper_key
),
facts_before as (
    select b.paper_key, unnest([
            {'what': 'title', 'said': b.title::varchar},
            {'what': 'abstract', 'said': b.abstract::varchar},
            {'what': 'authors', 'said': to_json(b.authors)::varchar},
            {'what': 'author_count', 'said': b.author_count::varchar},
            {'what': 'arxiv_id', 'said': b.arxiv_id::varchar},
            {'what': 'doi', 'said': b.doi::varchar},
            {'what': 'published_on', 'said': b.published_on::varchar},
            {'what': 'institutions', 'said': to_json(b.institutions)::varchar},
            {'what': 'links', 'said': to_json(b.links)::varchar},
            {'what': 'sources', 'said': to_json(b.sources)::varchar},
            {'what': 'first_listed_on', 'said': b.first_listed_on::varchar},
            {'what': 'last_listed_on', 'said': b.last_listed_on::varchar}
        ], recursive := true)
    from before.marts.papers as b
),
facts_after as (
    select a.paper_key, unnest([
            {'what': 'title', 'said': a.title::varchar},
            {'what': 'abstract', 'said': a.abstract::varchar},
            {'what': 'authors', 'said': to_json(a.authors)::varchar},
            {'what': 'author_count', 'said': a.author_count::varchar},
            {'what': 'arxiv_id', 'said': a.arxiv_id::varchar},
            {'what': 'doi', 'said': a.doi::varchar},
            {'what': 'published_on', 'said': a.published_on::varchar},
            {'what': 'institutions', 'said': to_json(a.institutions)::varchar},
            {'what': 'links', 'said': to_json(a.links)::varchar},
            {'what': 'sources', 'said': to_json(a.sources)::varchar},
            {'what': 'first_listed_on', 'said': a.first_listed_on::varchar},
            {'what': 'last_listed_on', 'said': a.last_listed_on::varchar}
        ], recursive := true)
    from after.marts.papers as a
),
numbers_before as (
    select paper_key, source, metric, arg_max(value, observed_at) as value, max(observed_at) as observed_at
    from before.marts.metrics
    group by all
),
numbers_after as (
    select paper_key, source, metric, arg_max(value, observed_at) as value, max(observed_at) as observed_at
    from after.marts.metrics
    group by all
),
found as (
    select
        case when is_split then 'paper_split' else 'paper_added' end as change,
        paper_key,
        null as what,
        null as before,
        null as after
    from added
    union all
    select 'paper_merged', paper_key, null, previous_key, paper_key
    from merged
    union all
    select 'paper_removed', paper_key, null, title, null
    from removed
    union all
    select 'fact_changed', a.paper_key, a.what, b.said, a.said
    from facts_after as a
    join facts_before as b on b.paper_key = a.paper_key and b.what = a.what
    where b.said is distinct from a.said
    union all
    select 'listing_added', a.paper_key, a.sighting_key, null, a.position::varchar
    from after.marts.sightings as a
    anti join before.marts.sightings as b on b.sighting_key = a.sighting_key
    union all
    select 'listing_lost', a.paper_key, a.sighting_key, b.position::varchar, null
    from after.marts.sightings as a
    join before.marts.sightings as b on b.sighting_key = a.sighting_key
    where b.is_listed and not a.is_listed
    union all
    select 'review_added', a.paper_key, a.source || '/' || a.partition_on::varchar, null, a.summary
    from after.marts.reviews as a
    anti join before.marts.reviews as b
        on b.paper_key = a.paper_key and b.source = a.source and b.partition_on = a.partition_on
    where a.paper_key not in (select paper_key from merged)
    union all
    select 'metric_changed', a.paper_key, a.source || '/' || a.metric, b.value::varchar, a.value::varchar
    from numbers_after as a
    left join numbers_before as b
        on b.paper_key = a.paper_key and b.source = a.source and b.metric = a.metric
    where b.observed_at is null or (b.value <> a.value and a.observed_at > b.observed_at)
)
select f.change, f.paper_key, p.title, f.what, f.before, f.after
from found as f
left join after.marts.papers as p on p.paper_key = f.paper_key
order by f.paper_key, f.change, f.what, f.before
