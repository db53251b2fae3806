select
    s.records_count,
    s.postings_count,
    r.records_count,
    p.postings_count,
    s.keys_sum = r.keys_sum and s.postings_sum = p.postings_sum,
    (select count(*) from touched)
from state as s
cross join (
    select count(*) as records_count, coalesce(bit_xor(hashtextextended(sighting_key, 0)), 0) as keys_sum
    from records
) as r
cross join (
    select count(*) as postings_count, coalesce(bit_xor(hashint8extended(block_key, record)), 0) as postings_sum
    from postings
) as p
