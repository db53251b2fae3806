insert into state (version, records_count, postings_count)
values (%s, 0, 0)
