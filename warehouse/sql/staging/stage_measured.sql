create or replace temp table stage_measured (
    source varchar,
    partition_on date,
    page_sha256 varchar,
    observed_at timestamp,
    run_id varchar,
    is_measured boolean
)
