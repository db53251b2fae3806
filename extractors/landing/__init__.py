"""The kept pages and people's decisions, on disk."""
