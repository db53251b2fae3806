update paperlog_pace.hosts
set asked_at = to_timestamp(%(asked_at)s), paused_until = to_timestamp(%(paused_until)s)
where host = %(host)s
