select
    count(*) as rows_count,
    coalesce(sum(md5_number_lower(line)::hugeint), 0) as lower_sum,
    coalesce(sum(md5_number_upper(line)::hugeint), 0) as upper_sum
from (
    select to_json(exported)::varchar as line
    from exported
)
