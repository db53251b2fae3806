create or replace temp table shared_blocks as
select p.block_key, b.sighting_key
from core.blocks as b
join shared_places as p on p.place = b.rowid
