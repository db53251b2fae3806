insert into paperlog_pace.hosts (host, said_at, closed_until)
values (%(host)s, clock_timestamp(), clock_timestamp() + make_interval(secs => %(seconds)s))
on conflict (host) do update set said_at = excluded.said_at, closed_until = excluded.closed_until
