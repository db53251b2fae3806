select sighting_key
from core.sightings
order by sighting_key
