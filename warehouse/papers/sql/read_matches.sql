select m.*
from core.matches as m
join stage_keys as k on k.sighting_key = m.sighting_key and k.partition_on = m.partition_on
