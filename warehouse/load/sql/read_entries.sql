select e.*
from raw.entries as e
join stage_touched as t on t.source = e.source and t.partition_on = e.partition_on
order by e.section, e.position
