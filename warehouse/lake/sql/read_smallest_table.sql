-- Of those that have files, for whoever wants to read one.
select t.schema_name || '.' || t.table_name
from ducklake_table_info(current_database()) as i
join duckdb_tables() as t on i.table_name = t.table_name
where
    t.database_name = current_database()
    and i.file_count > 0
order by i.file_size_bytes, 1
limit 1
