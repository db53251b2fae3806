from ops.digest_parts
