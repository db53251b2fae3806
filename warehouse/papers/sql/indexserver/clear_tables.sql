truncate records, postings
