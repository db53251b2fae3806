select table_name
from duckdb_tables()
where database_name = 'previous' and schema_name = 'fts_main_texts'
order by table_name
