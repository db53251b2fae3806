select source, trust, closing, extractor_version, partition_days
from ops.sources
