insert into papers (paper, paper_key, fingerprint, day, facet_set)
values (?, ?, ?, ?, ?)
