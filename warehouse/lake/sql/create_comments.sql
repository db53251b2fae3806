-- What DuckDB itself keeps of a file's views and macros, and a lake does not.
create table lake.comments (
    schema_name varchar,
    relation varchar,
    column_name varchar,
    comment varchar
)
