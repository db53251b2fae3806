insert into lake.writer
select $stamp
where not exists (from lake.writer)
