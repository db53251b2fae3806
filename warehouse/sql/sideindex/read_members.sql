select p.block_key, p.record
from json_each(?) as asked
join postings as p on p.block_key = asked.value
