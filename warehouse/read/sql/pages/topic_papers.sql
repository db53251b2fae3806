with named as (
    select
        content_key,
        list_filter(
            site_keywords, word -> lower(trim(regexp_replace(word, '\s+', ' ', 'g'))) = $key
        ) as spellings
    from raw.contents
    where len(site_keywords) > 0
)
select
    m.paper_key,
    any_value(coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on)) as on_day,
    list_distinct(flatten(list(n.spellings))) as spellings
from named as n
join core.sightings as s on s.content_key = n.content_key
join core.matches as m on m.sighting_key = s.sighting_key
join core.papers as p on p.paper_key = m.paper_key
where len(n.spellings) > 0
group by m.paper_key
order by on_day desc nulls last, m.paper_key
