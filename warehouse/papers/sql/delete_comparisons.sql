delete from core.comparisons as c
using stage_keys as k
where c.left_key = k.sighting_key or c.right_key = k.sighting_key
