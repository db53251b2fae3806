call ducklake_expire_snapshots(current_database(), versions => $versions)
