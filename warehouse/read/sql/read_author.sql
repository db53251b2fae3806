with names as (
    select unnest(authors) as name
    from marts.sightings
    where paper_key = $key
    union
    select unnest(authors)
    from marts.papers
    where paper_key = $key
)
select name
from names
where trim(regexp_replace(lower(strip_accents(name)), '[\s.]+', ' ', 'g'))
    = trim(regexp_replace(lower(strip_accents($name)), '[\s.]+', ' ', 'g'))
