select
    clock_timestamp(),
    extract(epoch from said_at)::float8,
    extract(epoch from closed_until)::float8,
    format('update paperlog_pace.hosts set closed_until = now() where host = %%L', host)
from paperlog_pace.hosts
where host = %(host)s and said_at is not null and closed_until is not null
