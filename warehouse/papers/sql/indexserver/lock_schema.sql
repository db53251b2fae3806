select pg_advisory_xact_lock(hashtextextended('side index ' || %s, 0))
