"""The lake engine: facts in Parquet files with a catalog in PostgreSQL, written and read from several machines."""
