create table records (
    record integer primary key,
    sighting_key text not null unique,
    checksum integer not null,
    blocks blob not null,
    stored blob not null
);

create table postings (
    block_key integer not null,
    record integer not null,
    primary key (block_key, record)
) without rowid;

-- Those of many records, in order. New ones are added to the small table above, of which a load writes few pages.
create table settled_postings (
    block_key integer not null,
    record integer not null,
    primary key (block_key, record)
) without rowid;

create table touched (
    sighting_key text not null
);

create table state (
    stamp text,
    previous text,
    records_count integer not null,
    postings_count integer not null
);

insert into state
values (null, null, 0, 0);
