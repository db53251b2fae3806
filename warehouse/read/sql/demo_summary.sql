select
    source,
    partition_on,
    state,
    entries_count as entries,
    (select count(*) from runs as r where r.source = p.source and r.partition_on = p.partition_on) as runs
from partitions as p
where state <> 'missing'
order by source, partition_on
