select source, state, count(*) as partitions from marts.partitions group by all order by all
