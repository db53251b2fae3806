select r.record, r.sighting_key, r.checksum, r.blocks, r.stored
from json_each(?) as wanted
join records as r on r.sighting_key = wanted.value
