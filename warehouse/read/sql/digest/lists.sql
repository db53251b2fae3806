-- The lists that are there, by day.
select p.source, p.partition_on, p.state, o.partition_days
from ops.partition_states as p
join ops.sources as o on o.source = p.source
where p.state in ('open', 'final') and not core.is_dump(o.partition_days, o.closing)
order by p.source, p.partition_on
