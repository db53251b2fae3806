update state
set
    keys_sum = (select coalesce(bit_xor(hashtextextended(sighting_key, 0)), 0) from records),
    postings_sum = (select coalesce(bit_xor(hashint8extended(block_key, record)), 0) from postings)
