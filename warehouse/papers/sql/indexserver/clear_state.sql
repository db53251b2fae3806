update state
set
    previous = stamp,
    stamp = null,
    records_count = 0,
    postings_count = 0,
    keys_sum = 0,
    postings_sum = 0
