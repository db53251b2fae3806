delete from core.blocks as b
using stage_keys as k
where b.sighting_key = k.sighting_key
