select column_name, data_type
from duckdb_columns()
where database_name = current_database() and schema_name || '.' || table_name in (select unnest($tables))
order by list_position($tables, schema_name || '.' || table_name), column_index
