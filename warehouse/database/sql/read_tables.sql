select schema_name || '.' || table_name
from duckdb_tables()
where not internal
