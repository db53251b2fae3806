select block_key, count(*) as records
from shared_blocks
group by block_key
having count(*) > $most
order by block_key
