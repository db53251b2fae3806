select sighting_key
from core.sightings
using sample reservoir($count rows)
