insert into gathered (block_key, record)
values (?, ?)
