"""Pages generated from the schema."""
