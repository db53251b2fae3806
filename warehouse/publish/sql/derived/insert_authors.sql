insert into core.authors by name
with keyed as (
    select
        author_key,
        min(author) as author,
        count(*) as spellings_count,
        sum(papers_count)::bigint as papers_count,
        sum(first_author_count)::bigint as first_author_count,
        sum(reviewed_count)::bigint as reviewed_count,
        min(first_listed_on) as first_listed_on,
        max(last_listed_on) as last_listed_on
    from spelled
    group by author_key
),
several as (
    select
        s.author_key,
        arg_min(s.author, (-s.places_count, s.author)) as author,
        list(s.author order by s.author) as spellings
    from spelled as s
    where s.author_key in (select author_key from keyed where spellings_count > 1)
    group by s.author_key
)
select
    k.* exclude (author_key, author, spellings_count),
    coalesce(s.author, k.author) as author,
    nullif(k.author_key, lower(coalesce(s.author, k.author))) as author_key,
    s.spellings
from keyed as k
left join several as s on s.author_key = k.author_key
