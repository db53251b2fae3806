select least(s.sighting_key, b.sighting_key) as left_key, greatest(s.sighting_key, b.sighting_key) as right_key
from stage_blocks as s
join shared_blocks as b on b.block_key = s.block_key
where s.sighting_key <> b.sighting_key
group by left_key, right_key
having bool_or(s.block_key & 1 = 0) or count(distinct s.block_key) >= $samples
order by left_key, right_key
