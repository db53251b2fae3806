-- As author_papers for many names: every name in every list of authors is made a key once.
select
    a.author_key as key,
    a.paper_key,
    coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on) as on_day,
    list(a.author order by a.position) as spellings
from marts.paper_authors as a
join core.papers as p on p.paper_key = a.paper_key
where a.author_key in (select unnest($keys))
group by all
order by on_day desc nulls last, a.paper_key
