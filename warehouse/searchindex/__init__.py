"""The search index of a snapshot: a SQLite file beside it, made from the last one and what changed since."""
