select p.block_key, p.record
from json_each(?) as wanted
join postings as p on p.block_key = wanted.value
