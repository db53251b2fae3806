"""From sightings to papers."""
