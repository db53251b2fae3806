create or replace temp table shared_places as
select b.block_key, b.rowid as place, count(*) over (partition by b.block_key) as records
from core.blocks as b
where b.block_key in (select block_key from stage_blocks)
qualify records > 1
