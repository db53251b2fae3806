select
    s.records_count,
    s.postings_count,
    (select count(*) from records),
    (select count(*) from postings) + (select count(*) from settled_postings),
    (select count(*) from touched)
from state as s
