select
    count(*) as papers_count,
    concat_ws(':', count(*), sum(md5_number_lower(line)::hugeint), sum(md5_number_upper(line)::hugeint)) as texts_digest
from (
    select to_json(t)::varchar as line
    from main.texts as t
)
