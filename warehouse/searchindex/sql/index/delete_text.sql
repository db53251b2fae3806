insert into texts (texts, rowid, title, abstract, review, authors, institutions, facets)
values ('delete', ?, ?, ?, ?, ?, ?, ?)
