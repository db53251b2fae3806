select count(*), concat_ws(':', count(*), sum(md5_number_lower(line)::hugeint), sum(md5_number_upper(line)::hugeint))
from (
    select to_json(t)::varchar as line
    from main.texts as t
)
