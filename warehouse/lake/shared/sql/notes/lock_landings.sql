-- Two that make the same tables at once would each find the other's name taken.
select pg_advisory_xact_lock(hashtextextended('paperlog landing', 0))
