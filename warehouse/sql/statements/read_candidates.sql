select distinct least(s.sighting_key, b.sighting_key), greatest(s.sighting_key, b.sighting_key)
from stage_blocks as s
join shared_blocks as b on b.block_key = s.block_key
where s.sighting_key <> b.sighting_key
order by all
