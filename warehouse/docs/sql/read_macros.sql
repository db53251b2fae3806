select function_name as name, array_to_string(parameters, ', ') as parameters, comment
from duckdb_functions()
where schema_name = 'marts' and function_type = 'table_macro'
order by function_name
