select pg_advisory_xact_lock(hashtextextended('paperlog pace', 0))
