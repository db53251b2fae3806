insert into texts (texts)
values ('optimize')
