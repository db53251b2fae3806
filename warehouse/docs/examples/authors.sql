select author, papers_count, spellings from marts.authors where papers_count > 1
