select title, top_position, upvotes_rank from marts.weekly_top where top_position <= 3 order by week_on, top_position
