select source, closing
from ops.sources
