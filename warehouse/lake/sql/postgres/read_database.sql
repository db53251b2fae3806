-- Of the lake's tables one that each commit writes to stands for all.
select
    current_user::text as role,
    current_database()::text as name,
    d.oid::bigint as number,
    c.system_identifier::text as system,
    to_regclass('public.ducklake_metadata') is not null as is_made,
    coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false)
    and coalesce(has_table_privilege(to_regclass('public.ducklake_snapshot'), 'insert'), true) as may_write
from pg_database as d
cross join pg_control_system() as c
where d.datname = current_database()
