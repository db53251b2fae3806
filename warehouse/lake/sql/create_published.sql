-- The snapshots that readers may open; the newest is the published one, the kept ones stay for their days.
create table lake.published (
    snapshot_id bigint,
    published_at timestamp,
    is_kept boolean
)
