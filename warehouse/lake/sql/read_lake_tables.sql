select table_name
from duckdb_tables()
where schema_name = 'lake' and database_name = current_database()
