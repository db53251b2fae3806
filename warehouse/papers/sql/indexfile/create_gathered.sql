create temp table gathered (
    block_key integer not null,
    record integer not null
)
