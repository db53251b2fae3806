"""Writing a batch."""
