select bucket, papers_count, fingerprint
from buckets
