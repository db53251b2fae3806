select record, sighting_key, checksum, blocks, stored
from records
where record = any(%s::bigint[])
