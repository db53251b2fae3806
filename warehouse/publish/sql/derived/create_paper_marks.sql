create or replace temp table paper_marks_now as
select
    p.paper_key,
    split_part(coalesce(r.record, ''), '/', 2) as part,
    hash(p, r.record, v.paper_key is not null) as mark
from core.papers as p
left join smallest_records as r on r.paper_key = p.paper_key
left join core.reviewed_papers as v on v.paper_key = p.paper_key
