select sighting_key
from core.sightings
order by random()
limit $count
