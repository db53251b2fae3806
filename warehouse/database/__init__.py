"""DuckDB itself: opening files, migrations, SQL files, rows in and out."""
