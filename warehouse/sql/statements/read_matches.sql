select m.sighting_key, m.paper_key, m.rule, m.score, m.evidence, m.decided_at_run
from core.matches as m
join stage_keys as k on k.sighting_key = m.sighting_key and k.partition_on = m.partition_on
