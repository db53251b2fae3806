select distinct block_key, records
from shared_places
where records > $most
order by block_key
