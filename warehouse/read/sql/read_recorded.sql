select 'paper' as kind, least(left_key, right_key) as one, greatest(left_key, right_key) as other, decided_at
from ops.decisions
union all
select 'lost', source, partition_on::varchar, decided_at
from ops.lost_partitions
union all
select 'forgotten', source, partition_on::varchar, decided_at
from ops.forgotten_partitions
union all
select 'withheld', decision_id, '', decided_at
from ops.withholdings
