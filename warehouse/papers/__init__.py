"""From sightings to papers: comparisons, matches, keys, facts, and the side index."""
