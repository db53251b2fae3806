select block_key, record
from postings
where block_key = any(%s::bigint[])
