select
    $built_at::timestamp as built_at,
    concat_ws(':', count(*), sum(md5_number_lower(line)::hugeint), sum(md5_number_upper(line)::hugeint)) as texts_digest,
    count(*) as papers_count,
    $duckdb_version as duckdb_version
from (
    select to_json(t)::varchar as line
    from main.texts as t
)
