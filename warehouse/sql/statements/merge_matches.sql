merge into core.matches as t
using stage_matches as s on t.sighting_key = s.sighting_key and t.partition_on = s.partition_on
when matched then
    update set
        paper_key = s.paper_key,
        rule = s.rule,
        score = s.score,
        evidence = s.evidence,
        decided_at_run = s.decided_at_run
when not matched then
    insert (sighting_key, partition_on, paper_key, rule, score, evidence, decided_at_run)
    values (s.sighting_key, s.partition_on, s.paper_key, s.rule, s.score, s.evidence, s.decided_at_run)
