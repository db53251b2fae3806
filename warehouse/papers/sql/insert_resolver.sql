insert into ops.resolver (block_keys_version)
values ($version)
