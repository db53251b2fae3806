call ducklake_delete_orphaned_files(current_database(), older_than => $before)
