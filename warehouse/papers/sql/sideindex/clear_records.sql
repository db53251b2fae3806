delete from records
