select block_key, record
from postings
order by record, block_key
