delete from core.matches as m
using stage_keys as k
where m.sighting_key = k.sighting_key and m.partition_on = k.partition_on
