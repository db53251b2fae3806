-- A content belongs to the day at the front of its key.
create or replace temp table day_marks_now as
select partition_on, sum(mark::hugeint)::varchar as mark
from (
    select partition_on, hash(s) as mark
    from core.sightings as s
    union all
    select strptime(left(content_key, 8), '%Y%m%d')::date, hash(c)
    from raw.contents as c
    union all
    select m.partition_on, hash(m.sighting_key, m.paper_key, r.record)
    from core.matches as m
    join smallest_records as r on r.paper_key = m.paper_key
    union all
    select partition_on, hash(n)
    from core.metrics as n
)
group by partition_on
