"""One printed field as a value."""
