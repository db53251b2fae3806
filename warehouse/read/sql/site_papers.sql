-- All papers, in the order of their keys, with what they are found by.
with numbers as (
    select m.paper_key, arg_max(n.value, n.observed_at) as upvotes
    from core.metrics as n
    join core.matches as m on m.sighting_key = n.sighting_key
    where n.metric = 'upvotes'
    group by m.paper_key
),
words as (
    select paper_key, list_sort(list(distinct word)) as keywords
    from (
        select m.paper_key, unnest(c.site_keywords) as word
        from core.sightings as s
        join core.matches as m on m.sighting_key = s.sighting_key
        join raw.contents as c on c.content_key = s.content_key
    )
    group by paper_key
)
select
    p.paper_key,
    p.title,
    p.abstract,
    p.authors,
    p.institutions,
    w.keywords,
    p.arxiv_id,
    p.doi,
    p.links,
    p.sources,
    least(p.first_listed_on, p.first_reviewed_on) as known_on,
    p.first_reviewed_on is not null as is_reviewed,
    n.upvotes
from marts.papers as p
left join numbers as n on n.paper_key = p.paper_key
left join words as w on w.paper_key = p.paper_key
order by p.paper_key
