-- The latest day of a daily list with entries: the states tell it without reading every list.
select max(p.partition_on) as latest_on
from marts.partitions as p
join marts.sources as s on s.source = p.source
where s.partition_days = 1 and p.entries_count > 0 and p.state in ('open', 'final')
