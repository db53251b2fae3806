select source, reason, count(*) as entries from marts.quarantine where resolved_at is null group by all
