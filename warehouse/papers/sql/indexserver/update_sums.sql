update state
set
    keys_sum = keys_sum # (
        select coalesce(bit_xor(hashtextextended(sighting_key, 0)), 0)
        from unnest(%s::text[]) as changed (sighting_key)
    ),
    postings_sum = postings_sum # (
        select coalesce(bit_xor(hashint8extended(block_key, record)), 0)
        from unnest(%s::bigint[], %s::bigint[]) as changed (block_key, record)
    )
