select s.*
from core.sightings as s
join stage_touched as t on t.source = s.source and t.partition_on = s.partition_on
