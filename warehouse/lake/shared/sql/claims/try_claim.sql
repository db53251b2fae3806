select pg_try_advisory_lock(hashtextextended('paperlog claim ' || %(work)s, 0))
