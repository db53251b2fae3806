"""Whose the place of a lake's files is, and what is known of the database that they belong to."""
