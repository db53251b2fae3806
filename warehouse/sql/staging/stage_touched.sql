create or replace temp table stage_touched (
    source varchar,
    partition_on date
)
