select source, partition_days, first_on, last_on, entries_count from marts.sources order by trust
