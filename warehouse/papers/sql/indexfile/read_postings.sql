select block_key, record
from postings
union all
select block_key, record
from settled_postings
order by record, block_key
