pragma create_fts_index('main.texts', 'paper_key', 'title', 'abstract', 'review')
