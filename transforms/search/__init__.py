"""What people look for: how a query is written, and what of a paper it is compared with."""
