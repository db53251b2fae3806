insert into texts (texts, rank)
values ('hashsize', ?)
