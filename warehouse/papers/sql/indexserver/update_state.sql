update state
set
    previous = stamp,
    stamp = %s,
    records_count = records_count + %s,
    postings_count = postings_count + %s,
    edition = gen_random_uuid()
returning edition
