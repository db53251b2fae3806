delete from ops.digest_parts
