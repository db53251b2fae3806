"""Fetches pages, keeps them, and reads what they say."""
