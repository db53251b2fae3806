"""Writing batches: raw rows, the truth about partitions, papers, run records."""
