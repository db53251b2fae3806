-- One statement makes the row or locks it; what it returns is worked out once the lock is had, the time too.
insert into paperlog_pace.hosts as held (host)
values (%(host)s)
on conflict (host) do update set host = excluded.host
returning
    extract(epoch from clock_timestamp())::float8,
    extract(epoch from held.asked_at)::float8,
    extract(epoch from held.paused_until)::float8
