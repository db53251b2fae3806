select digest, schema_version, published_at::varchar as published_at
from ops.manifest
