-- What people took back or withheld: another answer than that of the previous snapshot says that texts have to go.
select concat_ws(' ', count(*), max(decided_at)) as removals
from (
    select decided_at from ops.forgotten_partitions
    union all
    select decided_at from ops.withholdings
)
