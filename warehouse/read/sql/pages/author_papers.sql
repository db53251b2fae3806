-- Lists of authors are looked through for the spellings of the name: no name in them is made a key.
with named as (
    select spellings
    from marts.authors
    where author_key = $key
)
select
    $key as key,
    p.paper_key,
    coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on) as on_day,
    list_filter(p.authors, lambda author: list_contains(n.spellings, author)) as spellings
from core.papers as p
join named as n on list_has_any(p.authors, n.spellings)
order by on_day desc nulls last, p.paper_key
