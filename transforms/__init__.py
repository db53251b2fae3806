"""The records and pure functions on them; no clock, disk, network or environment."""
