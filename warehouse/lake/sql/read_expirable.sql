-- The newest state is the current one.
select snapshot_id
from ducklake_snapshots(current_database())
where
    snapshot_time < $before
    and snapshot_id not in (select snapshot_id from lake.published)
    and snapshot_id < (select max(snapshot_id) from ducklake_snapshots(current_database()))
order by snapshot_id
