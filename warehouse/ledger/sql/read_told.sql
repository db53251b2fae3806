select what, record, paper_key, upvotes, told_on, is_left_out
from told
where reader = $reader and channel = $channel
order by what, record
