delete from records
where record = any(%s::bigint[])
