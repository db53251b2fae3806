insert into lake.writer
values ($stamp)
