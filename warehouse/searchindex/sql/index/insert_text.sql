insert into texts (rowid, title, abstract, review, authors, institutions, facets)
values (?, ?, ?, ?, ?, ?, ?)
