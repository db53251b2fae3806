select *, strftime(partition_on, '%Y-%m') as month
from marts.sightings
order by source, month, sighting_key
