with relations as (
    select schema_name, table_name, comment
    from duckdb_tables()
    where schema_name in ('ops', 'raw', 'core', 'marts')
    union all
    select schema_name, view_name, comment
    from duckdb_views()
    where schema_name in ('ops', 'raw', 'core', 'marts')
)
select
    c.schema_name as schema,
    c.table_name as table,
    r.comment as table_comment,
    c.column_name as name,
    c.data_type as type,
    c.comment
from duckdb_columns() as c
join relations as r on r.schema_name = c.schema_name and r.table_name = c.table_name
order by c.schema_name, c.table_name, c.column_index
