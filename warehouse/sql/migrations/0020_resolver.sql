create table ops.resolver (
    block_keys_version integer not null
);
comment on table ops.resolver is 'Which rules made core.blocks and core.comparisons, in one row; other rules make them anew at the next load.';
comment on column ops.resolver.block_keys_version is 'Version of the rules and of the frozen token statistics.';
