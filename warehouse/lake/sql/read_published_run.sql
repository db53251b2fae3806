select run_id
from ops.manifest
