select function_name, array_to_string(parameters, ', '), comment
from duckdb_functions()
where schema_name = 'marts' and function_type = 'table_macro'
order by function_name
