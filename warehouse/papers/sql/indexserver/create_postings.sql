create table postings (
    block_key bigint not null,
    record bigint not null
)
