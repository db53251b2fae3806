create table state (
    version bigint not null,
    stamp text,
    previous text,
    records_count bigint not null,
    postings_count bigint not null,
    keys_sum bigint not null,
    postings_sum bigint not null,
    edition uuid not null default gen_random_uuid()
)
