-- Whole lists of authors are looked through for the longest word of the name before each name in them is made a key.
with longest as (
    select arg_max(word, (length(word), word)) as word
    from (select unnest(string_split($key, ' ')) as word)
)
select
    $key as key,
    p.paper_key,
    coalesce(p.first_listed_on, p.first_reviewed_on, p.published_on) as on_day,
    list_filter(
        p.authors, name -> trim(regexp_replace(lower(strip_accents(name)), '[\s.]+', ' ', 'g')) = $key
    ) as spellings
from core.papers as p, longest as l
where contains(lower(strip_accents(array_to_string(p.authors, ' '))), l.word)
    and len(spellings) > 0
order by on_day desc nulls last, p.paper_key
