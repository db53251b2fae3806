select column_name, data_type
from duckdb_columns()
where database_name = 'temp' and table_name = $table
order by column_index
