select r.record, r.sighting_key, r.stored
from json_each(?) as asked
join records as r on r.record = asked.value
