create table records (
    record bigint not null,
    sighting_key text collate "C" not null,
    checksum bigint not null,
    blocks bytea not null,
    stored bytea not null
)
