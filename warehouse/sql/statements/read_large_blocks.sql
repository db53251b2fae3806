select distinct block_key, records
from shared_blocks
where records > $most
order by block_key
