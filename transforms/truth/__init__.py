"""What is current: of a partition, of a paper, and its key."""
