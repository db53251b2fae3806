select 1
from duckdb_functions()
where schema_name = 'marts' and function_name = 'search' and database_name = current_database()
