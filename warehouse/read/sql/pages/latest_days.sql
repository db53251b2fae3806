-- The last days on which a digest has a list, and the last of its reviews.
select
    max(p.partition_on) filter (where o.partition_days = 1 and not o.is_archive) as listed_on,
    max(p.partition_on) filter (where o.partition_days > 1) as reviewed_on,
    max(p.partition_on) as any_on
from ops.partitions as p
join ops.sources as o on o.source = p.source
where p.state in ('open', 'final') and p.entries_count > 0
