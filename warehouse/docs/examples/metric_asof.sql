select title, value from marts.metric_asof(timestamp '2026-03-03 12:00') where metric = 'upvotes'
