delete from records
where record = any(%s::bigint[])
returning sighting_key
