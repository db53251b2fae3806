"""Who was told what: a SQLite file of its own in the home, beside the warehouse and apart from it."""
