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
papers as (
    select 'before' as side, *
    from before.marts.papers
    union all by name
    select 'after' as side, *
    from after.marts.papers
),
facts as (
    select
        side,
        paper_key,
        unnest([
            {'what': 'title', 'value': title::varchar},
            {'what': 'abstract', 'value': abstract::varchar},
            {'what': 'authors', 'value': to_json(authors)::varchar},
            {'what': 'author_count', 'value': author_count::varchar},
            {'what': 'arxiv_id', 'value': arxiv_id::varchar},
            {'what': 'doi', 'value': doi::varchar},
            {'what': 'published_on', 'value': published_on::varchar},
            {'what': 'institutions', 'value': to_json(institutions)::varchar},
            {'what': 'links', 'value': to_json(links)::varchar},
            {'what': 'sources', 'value': to_json(sources)::varchar},
            {'what': 'first_listed_on', 'value': first_listed_on::varchar},
            {'what': 'last_listed_on', 'value': last_listed_on::varchar},
            {'what': 'first_reviewed_on', 'value': first_reviewed_on::varchar}
        ], recursive := true)
    from papers
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
changes as (
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
    select 'fact_changed', a.paper_key, a.what, b.value, a.value
    from facts as a
    join facts as b on b.paper_key = a.paper_key and b.what = a.what
    where a.side = 'after' and b.side = 'before' and b.value is distinct from a.value
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
from changes as f
left join after.marts.papers as p on p.paper_key = f.paper_key
order by f.paper_key, f.change, f.what, f.before
