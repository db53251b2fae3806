"""What readers do with a snapshot."""
