select title, arxiv_id, published_on from marts.papers where list_contains(sources, 'weekly_review')
