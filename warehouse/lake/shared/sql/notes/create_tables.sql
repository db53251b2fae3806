create schema if not exists paperlog_landing;
create table if not exists paperlog_landing.landings (
    address text primary key,
    listed_at timestamptz not null default now()
);
create table if not exists paperlog_landing.notes (
    address text not null,
    folder text collate "C" not null,
    name text collate "C" not null,
    data bytea not null,
    primary key (address, folder, name)
);
