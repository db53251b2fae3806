insert into touched (sighting_key)
values (?)
