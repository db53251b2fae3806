-- MD5 of a row's JSON does not depend on DuckDB's version, and sums depend neither on order nor on threads.
select
    count(*) as rows_count,
    [
        count(*),
        coalesce(sum(md5_number_lower(line)::hugeint), 0),
        coalesce(sum(md5_number_upper(line)::hugeint), 0)
    ]::varchar[] as parts
from (
    select to_json(exported)::varchar as line
    from exported
)
