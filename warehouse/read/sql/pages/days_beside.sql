with lists as (
    select p.partition_on + (o.partition_days - 1) // 2 * $is_by_middle as listed_on
    from ops.partitions as p
    join ops.sources as o on o.source = p.source
    where p.state in ('open', 'final') and p.entries_count > 0
)
select
    max(listed_on) filter (where listed_on < $first) as before_on,
    min(listed_on) filter (where listed_on > $last) as after_on
from lists
