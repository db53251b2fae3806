-- Between the least and the greatest key is what passes over most rows early, above all where there is one key.
select
    i.institution_key as key,
    i.paper_key,
    coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on) as on_day,
    list_concat([i.institution], i.printed) as spellings
from marts.paper_institutions as i
join core.papers as p on p.paper_key = i.paper_key
where i.institution_key between list_min($keys) and list_max($keys) and i.institution_key in (select unnest($keys))
order by on_day desc nulls last, i.paper_key
