delete from ops.digest_parts
where table_name = $table_name and ($parts is null or list_contains($parts, part))
