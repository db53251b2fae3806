-- A word is made a key once, and a paper counts once for it.
with words as materialized (
    select m.paper_key, w.word
    from (
        select content_key, unnest(site_keywords) as word
        from raw.contents
        where len(site_keywords) > 0
    ) as w
    join core.sightings as s on s.content_key = w.content_key
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
),
spelled as materialized (
    select lower(trim(regexp_replace(word, '\s+', ' ', 'g'))) as key, word, words_count
    from (select word, count(*) as words_count from words group by word)
),
named as (
    select key, arg_min(word, (-words_count, word)) as name
    from spelled
    where key <> '' and ($words is null or contains(key, lower($words)))
    group by key
),
counted as (
    select k.key, count(*) as papers_count, count(*) filter (where p.first_reviewed_on is not null) as more_count
    from (
        select distinct s.key, w.paper_key
        from words as w
        join spelled as s on s.word = w.word
    ) as k
    join core.papers as p on p.paper_key = k.paper_key
    group by k.key
),
found as materialized (
    select n.key, n.name, c.papers_count, c.more_count
    from named as n
    join counted as c on c.key = n.key
    where c.papers_count >= $least
)
select *, (select count(*) from found) as total
from found
order by papers_count desc, key
limit $most offset $offset
