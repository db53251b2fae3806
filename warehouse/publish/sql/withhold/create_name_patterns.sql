-- By its key each name, for texts that stay as they are around it.
create temp table name_patterns as
with letters as (
    select lower(strip_accents(chr(code))) as letter, string_agg(chr(code), '' order by code) as accented
    from (select unnest(range(192, 8192))::integer as code)
    where regexp_full_match(chr(code), '\p{L}')
    group by letter
    having length(letter) = 1
),
names as (
    select distinct name_key(name) as name
    from stage_withheld
    where content = 'author'
),
signs as (
    select name, place, substring(name, place, 1) as sign
    from (select name, unnest(range(1, length(name) + 1)) as place from names)
)
select
    s.name,
    '(?i)(^|[^\p{L}\p{N}])('
    || string_agg(
        case
            when s.sign = ' ' then '[\s.\p{Z}]+'
            when l.letter is not null then '[' || s.sign || l.accented || ']\p{M}*'
            when s.sign = '''' then '(?:[''’]|&#x27;|&#39;|&apos;)'
            else regexp_escape(s.sign) || '\p{M}*'
        end,
        ''
        order by s.place
    )
    || ')([^\p{L}\p{N}]|$)' as pattern
from signs as s
left join letters as l on l.letter = s.sign
group by s.name
