select run_id, schema_version, digest, row_counts
from ops.manifest
