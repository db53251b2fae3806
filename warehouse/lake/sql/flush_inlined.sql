call ducklake_flush_inlined_data(current_database())
