select b.block_key, count(*) as records
from core.blocks as b
where b.block_key in (select block_key from stage_blocks)
group by b.block_key
having count(*) > $most
order by b.block_key
