select p.title, i.institution from marts.paper_institutions as i join marts.papers as p using (paper_key) where i.is_primary
