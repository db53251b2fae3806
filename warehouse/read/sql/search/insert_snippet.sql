insert into found (rowid, abstract, review)
values (?, ?, ?)
