insert into records (record, sighting_key, checksum, blocks, stored)
values (?, ?, ?, ?, ?)
