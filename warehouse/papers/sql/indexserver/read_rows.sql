select record, sighting_key, checksum, blocks, stored
from records
order by record
