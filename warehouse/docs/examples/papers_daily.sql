select rank, upvotes_rank, title, upvotes from marts.papers_daily where listed_on = date '2026-03-02' order by rank
