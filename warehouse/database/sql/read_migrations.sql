select number, name, sha256
from ops.migrations
order by number
