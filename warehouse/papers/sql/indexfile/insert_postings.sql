insert into postings (block_key, record)
values (?, ?)
