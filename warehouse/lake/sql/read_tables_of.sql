select schema_name || '.' || table_name
from duckdb_tables()
where database_name = $database
order by 1
