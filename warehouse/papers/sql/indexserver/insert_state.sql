insert into state (version, records_count, postings_count, keys_sum, postings_sum)
values (%s, 0, 0, 0, 0)
