"""The static writer: the same pages as `flows/serve`, as files that need no server."""
