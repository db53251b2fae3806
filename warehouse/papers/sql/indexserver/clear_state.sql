update state
set previous = stamp, stamp = null, records_count = 0, postings_count = 0
