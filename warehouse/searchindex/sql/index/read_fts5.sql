select name
from pragma_module_list
where name = 'fts5'
