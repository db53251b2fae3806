delete from ops.resolver
