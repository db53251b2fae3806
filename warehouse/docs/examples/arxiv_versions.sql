select arxiv_id, count(*) as versions, min(created_at) as first_at, max(created_at) as last_at from marts.arxiv_versions group by arxiv_id
