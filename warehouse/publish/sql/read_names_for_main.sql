-- The statements that give each view and macro of marts its name in main too, but for those that are there as they are.
with columns as (
    select schema_name, table_name as name, string_agg(column_name || ' ' || data_type, ', ' order by column_index) as shape
    from duckdb_columns()
    where database_name = current_database()
    group by schema_name, table_name
),
macros as (
    select schema_name, function_name as name, '"' || array_to_string(parameters, '", "') || '"' as shape
    from duckdb_functions()
    where function_type = 'table_macro' and database_name = current_database()
),
named as (
    select schema_name, name, shape, 'create or replace view main.' || name || ' as from marts.' || name as statement
    from columns
    union all
    select
        schema_name,
        name,
        shape,
        'create or replace macro main.' || name || '(' || shape || ') as table from marts.' || name || '(' || shape || ')'
    from macros
)
select n.statement
from named as n
left join named as there on there.schema_name = 'main' and there.name = n.name and there.shape = n.shape
where n.schema_name = 'marts' and there.name is null
order by n.statement
