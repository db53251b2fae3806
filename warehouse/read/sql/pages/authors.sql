-- Spellings are counted first: there are far fewer of them than of places in lists of authors.
with spelled as (
    select author, count(*) as papers_count, count(*) filter (where place = 0) as first_count
    from (
        select unnest(authors) as author, unnest(range(len(authors))) as place
        from core.papers
    )
    group by author
),
keyed as (
    select trim(regexp_replace(lower(strip_accents(author)), '[\s.]+', ' ', 'g')) as key, *
    from spelled
),
found as (
    select
        key,
        arg_max(author, (papers_count, author)) as name,
        sum(papers_count)::bigint as papers_count,
        sum(first_count)::bigint as more_count
    from keyed
    where key <> '' and ($words is null or contains(key, lower(strip_accents($words))))
    group by key
)
select key, name, papers_count, more_count, count(*) over () as total
from found
where papers_count >= $least
order by papers_count desc, key
limit $most offset $offset
