update ops.resolver
set index_stamp = $stamp
