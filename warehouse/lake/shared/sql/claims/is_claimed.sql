-- Advisory locks are of one database; a bigint's halves are classid and objid.
select exists(
    select 1
    from pg_locks as l
    where
        l.locktype = 'advisory'
        and l.granted
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended('paperlog claim ' || %(work)s, 0)
)
