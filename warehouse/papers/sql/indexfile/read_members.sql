with wanted as materialized (
    select value as block_key
    from json_each(?)
)
select p.block_key, p.record
from wanted as w
join settled_postings as p on p.block_key = w.block_key
union all
select p.block_key, p.record
from wanted as w
join postings as p on p.block_key = w.block_key
