-- The papers that became known last, newest first.
with newest as materialized (
    select paper_key, least(first_listed_on, first_reviewed_on) as known_on
    from marts.papers
    order by known_on desc nulls last, paper_key desc
    limit $limit
),
words as (
    select n.paper_key, list_sort(list(distinct w.word)) as keywords
    from newest as n
    join core.matches as m on m.paper_key = n.paper_key
    join core.sightings as s on s.partition_on = m.partition_on and s.sighting_key = m.sighting_key
    join raw.contents as c on c.content_key = s.content_key
    cross join unnest(c.site_keywords) as w(word)
    group by n.paper_key
)
select
    p.paper_key,
    p.title,
    p.abstract,
    p.authors,
    w.keywords,
    p.arxiv_id,
    p.doi,
    p.links,
    p.sources,
    n.known_on
from newest as n
join marts.papers as p on p.paper_key = n.paper_key
left join words as w on w.paper_key = n.paper_key
order by n.known_on desc nulls last, n.paper_key desc
