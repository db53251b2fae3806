delete from records
where record = ?
