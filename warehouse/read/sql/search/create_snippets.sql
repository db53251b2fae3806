create virtual table found using fts5(abstract, review, tokenize = 'porter unicode61 remove_diacritics 2')
