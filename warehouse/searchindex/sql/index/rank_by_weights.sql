insert into texts (texts, rank)
values ('rank', ?)
