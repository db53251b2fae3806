drop table if exists records, postings, touched, state
