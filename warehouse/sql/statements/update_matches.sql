update core.matches as t
set
    paper_key = s.paper_key,
    rule = s.rule,
    score = s.score,
    evidence = s.evidence,
    decided_at_run = s.decided_at_run
from stage_matches as s
where t.sighting_key = s.sighting_key and t.partition_on = s.partition_on
