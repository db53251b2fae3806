select record, block_key
from postings
order by record, block_key
