-- Only what DuckLake names: its own function would delete every Parquet file below the folder, of whomever.
-- The ids are beyond all that it gives; a file that was scheduled and is there still is deleted by the next upkeep.
insert into __ducklake_metadata_warehouse.ducklake_files_scheduled_for_deletion
select
    4611686018427387904 + row_number() over (order by o.path) as data_file_id,
    o.path,
    false as path_is_relative,
    'epoch'::timestamptz as schedule_start
from ducklake_delete_orphaned_files(current_database(), older_than => $before, dry_run => true) as o
cross join ducklake_settings(current_database()) as s
where
    starts_with(o.path, s.data_path)
    and regexp_full_match(o.path[length(s.data_path) + 1:], '[^/]+/[^/]+/ducklake-[^/]+\.parquet')
