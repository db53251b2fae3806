with words as (
    select content_key, unnest(site_keywords) as word
    from raw.contents
    where len(site_keywords) > 0
),
keyed as (
    select lower(trim(regexp_replace(w.word, '\s+', ' ', 'g'))) as key, w.word, m.paper_key
    from words as w
    join core.sightings as s on s.content_key = w.content_key
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
),
found as (
    select
        key,
        mode(word order by word) as name,
        count(distinct k.paper_key) as papers_count,
        count(distinct k.paper_key) filter (where p.first_reviewed_on is not null) as more_count
    from keyed as k
    join core.papers as p on p.paper_key = k.paper_key
    where key <> '' and ($words is null or contains(key, lower($words)))
    group by key
)
select key, name, papers_count, more_count, count(*) over () as total
from found
where papers_count >= $least
order by papers_count desc, key
limit $most offset $offset
