"""DuckDB itself: connection, migrations, statements, staging."""
