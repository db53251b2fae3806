delete from touched
