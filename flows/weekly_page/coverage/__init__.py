"""Which days of a week were read, which are missing and why."""
