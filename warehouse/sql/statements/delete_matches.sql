delete from core.matches as m
using stage_keys as k
where m.sighting_key = k.sighting_key
