select
    count(*),
    coalesce(sum(md5_number_lower(line)::hugeint), 0),
    coalesce(sum(md5_number_upper(line)::hugeint), 0)
from (
    select to_json(exported)::varchar as line
    from exported
)
