analyze records, postings
