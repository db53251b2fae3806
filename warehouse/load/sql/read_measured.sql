select distinct m.source, m.partition_on, m.page_sha256, m.observed_at
from core.metrics as m
join stage_touched as t on t.source = m.source and t.partition_on = m.partition_on
