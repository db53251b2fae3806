-- One pattern for all names; NULL without any.
create temp table withheld_names as
select
    '(^|[^\p{L}\p{N}])('
    || string_agg(regexp_escape(spelling), '|' order by spelling)
    || ')([^\p{L}\p{N}]|$)' as pattern
from unnest($spellings::varchar[]) as s(spelling)
