select column_name, data_type
from duckdb_columns()
where schema_name = $schema and table_name = $table
order by column_index
