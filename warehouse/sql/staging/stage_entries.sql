create or replace temp table stage_entries (
    source varchar,
    partition_on date,
    page_sha256 varchar,
    sighting_key varchar,
    section varchar,
    position integer,
    first_line integer,
    content_key varchar,
    upvotes bigint,
    comments bigint,
    github_stars bigint
)
