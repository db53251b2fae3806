select week_on, entries_count, linked_count, gaps_count from marts.coverage where source = 'hf_daily' order by week_on
