alter table records
add constraint records_pkey primary key (record),
add constraint records_sighting_key_key unique (sighting_key)
