alter table postings
drop constraint postings_pkey
