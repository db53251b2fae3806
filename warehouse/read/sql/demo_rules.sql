select rule, count(*) as entries, min(score) as lowest_score, min(evidence) as for_example
from matches
group by rule
order by entries desc, rule
