"""A whole listing: entries to sightings, checks, drift."""
