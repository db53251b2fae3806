-- The last request and a short pause; when the host said that it wants no request for long, and until when.
create table if not exists paperlog_pace.hosts (
    host text primary key,
    asked_at timestamptz not null default '-infinity',
    paused_until timestamptz not null default '-infinity',
    said_at timestamptz,
    closed_until timestamptz
) with (fillfactor = 50)
