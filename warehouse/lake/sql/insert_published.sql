insert into lake.published
values ($snapshot_id, $published_at, $is_kept)
