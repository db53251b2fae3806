-- What a role that may not write lacks, as the statements that grant it; schemas that are missing are made by a writer.
with made as (
    select n.oid, n.nspname::text as name
    from pg_namespace as n
    where n.nspname in ('public', 'paperlog_index', 'paperlog_pace', 'paperlog_landing')
)

select format('grant create on database %I to %I', current_database(), current_user)
where
    not has_database_privilege(current_database(), 'create')
    and (select count(*) from made where name in ('paperlog_index', 'paperlog_pace')) < 2
union all
select format('grant usage on schema %I to %I', name, current_user)
from made
where not has_schema_privilege(oid, 'usage')
union all
select format('grant create on schema %I to %I', name, current_user)
from made
where
    name in ('public', 'paperlog_index')
    and not has_schema_privilege(oid, 'create')
union all
select distinct format('grant select, insert, update, delete on all tables in schema %I to %I', m.name, current_user)
from made as m
join pg_class as c on c.relnamespace = m.oid
where
    c.relkind = 'r'
    and (m.name <> 'public' or starts_with(c.relname, 'ducklake_'))
    and not (
        has_table_privilege(c.oid, 'select')
        and has_table_privilege(c.oid, 'insert')
        and has_table_privilege(c.oid, 'update')
        and (has_table_privilege(c.oid, 'delete') or m.name = 'paperlog_pace')
    )
