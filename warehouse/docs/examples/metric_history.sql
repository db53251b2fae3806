select observed_at, value, gained from marts.metric_history where metric = 'upvotes' order by paper_key, observed_at
