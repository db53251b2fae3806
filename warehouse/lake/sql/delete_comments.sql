delete from lake.comments as c
using stage_comments as s
where
    c.schema_name = s.schema_name
    and c.relation = s.relation
    and c.column_name is not distinct from s.column_name
