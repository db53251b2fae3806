alter table postings
add constraint postings_pkey primary key (block_key, record)
