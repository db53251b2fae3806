with found as (
    select author_key as key, author as name, papers_count, first_author_count as more_count
    from marts.authors
    where papers_count >= $least
        and author_key <> ''
        and ($words is null or contains(author_key, lower(strip_accents($words))))
)
select key, name, papers_count, more_count, (select count(*) from found) as total
from found
order by papers_count desc, key
limit $most offset $offset
