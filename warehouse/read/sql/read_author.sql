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
),
keyed as (
    select name, [
        trim(regexp_replace(replace(lower(strip_accents(each)), 'ς', 'σ'), '[\s.\p{Z}]+', ' ', 'g'))
        for each in [name, $name]
    ] as keys
    from names
)
select name
from keyed
where keys[1] = keys[2]
