insert into settled_postings (block_key, record)
select block_key, record
from gathered
order by block_key, record
