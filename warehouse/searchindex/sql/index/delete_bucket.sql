delete from buckets
where bucket = ?
