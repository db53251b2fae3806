select built_at, papers_count, duckdb_version
from ops.search_index
