select distinct e.content_key
from raw.entries as e
join stage_listings as s on s.source = e.source and s.partition_on = e.partition_on
