call ducklake_cleanup_old_files(current_database(), older_than => $before)
