-- The key of a name is that of `publish/sql/withhold/create_name_key.sql`.
with ids as (
    select arxiv_id
    from marts.sightings
    where paper_key = $key
    union
    select arxiv_id
    from marts.papers
    where paper_key = $key
),
names as (
    select unnest(authors) as name
    from marts.sightings
    where paper_key = $key
    union
    select unnest(authors)
    from marts.papers
    where paper_key = $key
    union
    select unnest(f.authors)
    from raw.arxiv_facts as f
    join ids as i on i.arxiv_id = f.arxiv_id
)
select name
from names
where trim(regexp_replace(replace(lower(strip_accents(name)), 'ς', 'σ'), '[\s.\p{Z}]+', ' ', 'g'))
    = trim(regexp_replace(replace(lower(strip_accents($name)), 'ς', 'σ'), '[\s.\p{Z}]+', ' ', 'g'))
