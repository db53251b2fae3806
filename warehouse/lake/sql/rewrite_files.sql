call ducklake_rewrite_data_files(current_database(), delete_threshold => $share)
