select block_keys_version
from ops.resolver
