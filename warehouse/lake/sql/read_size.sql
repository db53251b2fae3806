select
    coalesce(sum(file_count + delete_file_count), 0)::bigint as files_count,
    coalesce(sum(file_size_bytes + delete_file_size_bytes), 0)::bigint as bytes,
    (select count(*) from ducklake_snapshots(current_database())) as states_count
from ducklake_table_info(current_database())
