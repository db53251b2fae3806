select status, count(*) as runs, max(finished_at) as last_at from marts.runs group by status
