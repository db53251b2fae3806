-- Only a lake has the table: a file keeps every comment where it belongs.
select 1
from duckdb_tables()
where schema_name = 'lake' and table_name = 'comments' and database_name = current_database()
