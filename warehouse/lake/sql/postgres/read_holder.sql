-- Advisory locks are of one database; a bigint's halves are classid and objid.
select a.application_name
from pg_locks as l
join pg_stat_activity as a on a.pid = l.pid
where
    l.locktype = 'advisory'
    and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended('paperlog writer', 0)
