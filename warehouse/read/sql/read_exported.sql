from read_parquet($path)
