with members as materialized (
    select m.paper_key, m.sighting_key, m.partition_on
    from core.matches as m
    where m.paper_key in (select unnest($keys))
),
said as materialized (
    select m.paper_key, m.sighting_key, c.categories, c.site_keywords
    from members as m
    join core.sightings as s on s.partition_on = m.partition_on and s.sighting_key = m.sighting_key
    join raw.contents as c on c.content_key = s.content_key
),
keywords_of as (
    select k.paper_key, list(distinct k.keyword order by k.keyword) as keywords
    from (select paper_key, unnest(site_keywords) as keyword from said) as k
    group by k.paper_key
),
categories_of as (
    select paper_key, arg_min(categories, sighting_key) as categories
    from said
    where len(categories) > 0
    group by paper_key
),
known as materialized (
    select p.paper_key, f.title, f.authors, f.first_version_on, f.categories, f.versions
    from marts.papers as p
    join marts.arxiv_facts as f on f.arxiv_id = p.arxiv_id
    where p.paper_key in (select unnest($keys))
)
select
    p.paper_key,
    coalesce(p.title, f.title) as title,
    -- arXiv has every author of a paper of which a list names only the first, or none.
    case when len(f.authors) > len(p.authors) then f.authors else p.authors end as authors,
    case when len(f.authors) > len(p.authors) then len(f.authors) else p.author_count end as author_count,
    p.arxiv_id,
    p.doi,
    coalesce(f.first_version_on, p.published_on) as published_on,
    p.venue,
    p.journal_ref,
    coalesce(f.categories, c.categories) as categories,
    k.keywords,
    p.abstract,
    f.versions
from marts.papers as p
left join known as f on f.paper_key = p.paper_key
left join keywords_of as k on k.paper_key = p.paper_key
left join categories_of as c on c.paper_key = p.paper_key
where p.paper_key in (select unnest($keys))
