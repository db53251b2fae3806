copy touched (sighting_key) from stdin (format binary)
