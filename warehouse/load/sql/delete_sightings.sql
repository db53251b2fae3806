delete from core.sightings as s
using stage_keys as k
where s.sighting_key = k.sighting_key
