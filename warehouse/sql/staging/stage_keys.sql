create or replace temp table stage_keys (
    sighting_key varchar,
    partition_on date
)
