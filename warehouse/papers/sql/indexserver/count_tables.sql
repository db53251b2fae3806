select count(*)
from pg_tables
where schemaname = %s and tablename in ('records', 'postings', 'touched', 'state')
