select
    current_user::text as role,
    current_database()::text as database_name,
    s.found is not null as is_made,
    coalesce(has_schema_privilege(s.found, 'usage'), true) as may_use,
    case
        when s.found is null then has_database_privilege(current_database(), 'create')
        else has_schema_privilege(s.found, 'create')
    end as may_make
from (select to_regnamespace(quote_ident(%s)) as found) as s
