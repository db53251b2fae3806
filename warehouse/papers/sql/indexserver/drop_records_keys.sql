alter table records
drop constraint records_pkey,
drop constraint records_sighting_key_key
