"""What is new for a reader: interests, the choice of papers with reasons, and the issue that tells it. All pure."""
