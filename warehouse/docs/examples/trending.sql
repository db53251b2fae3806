select title, gained, upvotes from marts.trending(7, timestamp '2026-03-06 00:00') limit 5
