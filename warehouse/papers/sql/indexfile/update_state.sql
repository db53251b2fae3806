update state
set previous = stamp, stamp = ?, records_count = records_count + ?, postings_count = postings_count + ?
