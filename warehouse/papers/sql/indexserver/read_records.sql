select record, sighting_key, checksum, blocks, stored
from records
where sighting_key = any(%s::text[])
