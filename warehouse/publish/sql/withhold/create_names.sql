-- One pattern of all names for texts of which name_key is taken; NULL without any. In JSON an escape may stand at a border.
create temp table withheld_names as
with keys as (
    select distinct name_key(spelling) as key
    from unnest($spellings::varchar[]) as s(spelling)
),
patterns as (
    select '(^|[^\p{L}\p{N}]|\\[bfnrt]|\\u[0-9a-f]{4})('
        || string_agg(replace(regexp_escape(key), '\ ', '( |\\[nrt]|\\u00a0)+'), '|' order by key)
        || ')([^\p{L}\p{N}]|$)' as pattern
    from keys
    where key <> ''
)
select
    p.pattern,
    (select coalesce(map(list(name), list(pattern)), map([]::varchar[], []::varchar[])) from name_patterns) as patterns
from patterns as p
