with words as (
    select content_key, unnest(site_keywords) as word
    from raw.contents
    where len(site_keywords) > 0
),
named as (
    select lower(trim(regexp_replace(word, '\s+', ' ', 'g'))) as key, content_key, word
    from words
    where key in (select unnest($keys))
)
select
    n.key,
    m.paper_key,
    any_value(coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on)) as on_day,
    list(distinct n.word order by n.word) as spellings
from named as n
join core.sightings as s on s.content_key = n.content_key
join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
join core.papers as p on p.paper_key = m.paper_key
group by n.key, m.paper_key
order by on_day desc nulls last, m.paper_key
