copy postings (block_key, record) from stdin (format binary, freeze)
