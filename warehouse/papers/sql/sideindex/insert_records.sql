insert into records (record, sighting_key, stored)
values (?, ?, ?)
