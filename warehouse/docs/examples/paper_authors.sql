select author from marts.paper_authors as a join marts.papers as p using (paper_key) where p.arxiv_id = '2603.00001' order by position
