-- A view or table has a row for each column; a macro has one row without a column, after all views.
with relations as (
    select schema_name, table_name, comment
    from duckdb_tables()
    union all
    select schema_name, view_name, comment
    from duckdb_views()
),
described as (
    select
        c.schema_name as schema,
        c.table_name as relation,
        coalesce(r.comment, '') as relation_comment,
        c.column_name as name,
        c.data_type as type,
        c.comment,
        c.column_index as place,
        false as is_macro
    from duckdb_columns() as c
    join relations as r on r.schema_name = c.schema_name and r.table_name = c.table_name
    union all
    select
        schema_name,
        function_name || '(' || array_to_string(parameters, ', ') || ')',
        coalesce(comment, ''),
        null,
        null,
        null,
        0,
        true
    from duckdb_functions()
    where function_type = 'table_macro'
)
select schema, relation, relation_comment, name, type, comment
from described
where schema in ('ops', 'raw', 'core', 'marts')
order by schema, is_macro, relation, place
