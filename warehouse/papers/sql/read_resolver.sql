select block_keys_version, index_stamp
from ops.resolver
