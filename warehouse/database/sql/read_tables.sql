-- The engine's own tables, which a lake has, are not a migration's.
select schema_name || '.' || table_name
from duckdb_tables()
where not internal and database_name = current_database() and schema_name <> 'lake'
