select source, previous_on as after_on, partition_on as before_on
from raw.counted_listings
where outcome = 'listing' and previous_on is not null
union
select source, partition_on, next_on
from raw.counted_listings
where outcome = 'listing' and next_on is not null
order by all
