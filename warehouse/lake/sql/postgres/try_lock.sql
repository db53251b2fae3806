select pg_try_advisory_lock(hashtextextended('paperlog writer', 0))
