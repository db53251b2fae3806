select sighting_key
from touched
