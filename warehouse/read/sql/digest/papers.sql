-- Papers in lists and reviews that end on $since_on or later, or the one with $paper_key, as a digest tells them.
-- What a dump lists is of no day.
with placed as materialized (
    select
        m.paper_key,
        core.family_of(s.source) as source,
        core.series_of(s.source) as series,
        s.partition_on,
        o.partition_days,
        s.section,
        s.position,
        c.review is not null as is_review,
        c.review.summary as summary,
        c.review.verdict as verdict
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    where s.is_listed
        and not core.is_dump(o.partition_days, o.closing)
        and s.partition_on + o.partition_days > $since_on::date
        and ($paper_key::varchar is null or m.paper_key = $paper_key)
),
places as (
    select
        paper_key,
        list(
            {
                'source': source,
                'series': series,
                'partition_on': partition_on,
                'partition_days': partition_days,
                'section': section,
                'position': position,
                'is_review': is_review
            }
            order by partition_on, source, series nulls first, section nulls last, position
        ) as places
    from placed
    group by paper_key
),
reviews as (
    select
        paper_key,
        list(
            {
                'source': source,
                'partition_on': partition_on,
                'summary': summary,
                'verdict': nullif(verdict, summary)
            }
            order by partition_on, source
        ) as reviews
    from (
        select paper_key, source, partition_on, any_value(summary) as summary, any_value(verdict) as verdict
        from placed
        where is_review
        group by paper_key, source, partition_on
    )
    group by paper_key
),
-- All that is known of them, of whatever day.
known as (
    select
        m.paper_key,
        min(m.sighting_key) as record,
        min(s.partition_on) filter (where not core.is_dump(o.partition_days, o.closing)) as first_on,
        list_sort(list_distinct(flatten(list(c.site_keywords)))) as keywords
    from core.matches as m
    join core.sightings as s on s.partition_on = m.partition_on and s.sighting_key = m.sighting_key
    join ops.sources as o on o.source = s.source
    join raw.contents as c on c.content_key = s.content_key
    where m.paper_key in (select paper_key from places)
    group by m.paper_key
),
numbers as (
    select m.paper_key, arg_max(n.value, (n.observed_at, n.value)) as upvotes
    from core.metrics as n
    join core.matches as m on m.sighting_key = n.sighting_key
    where n.metric = 'upvotes' and m.paper_key in (select paper_key from places)
    group by m.paper_key
),
versions as (
    select arxiv_id, max_by(created_at, version)::date as latest_version_on
    from marts.arxiv_versions
    group by arxiv_id
)
select
    p.paper_key,
    k.record,
    p.previous_keys,
    p.title,
    p.abstract,
    p.authors,
    p.author_count,
    p.institutions,
    p.arxiv_categories as categories,
    k.keywords,
    p.arxiv_id,
    p.doi,
    p.links,
    p.published_on,
    p.venue,
    coalesce(p.is_withdrawn, false) as is_withdrawn,
    p.latest_version,
    v.latest_version_on,
    n.upvotes,
    k.first_on,
    l.places,
    coalesce(r.reviews, []) as reviews
from places as l
join marts.papers as p on p.paper_key = l.paper_key
join known as k on k.paper_key = l.paper_key
left join reviews as r on r.paper_key = l.paper_key
left join numbers as n on n.paper_key = l.paper_key
left join versions as v on v.arxiv_id = p.arxiv_id
order by p.paper_key
