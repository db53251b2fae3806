create table records (
    record integer primary key,
    sighting_key text not null unique,
    stored blob not null
);

create table postings (
    block_key integer not null,
    record integer not null,
    primary key (block_key, record)
) without rowid;

create table touched (
    sighting_key text not null
);

create table state (
    stamp text,
    previous text
);

insert into state
values (null, null);
