select * rename (source as name)
from ops.sources
