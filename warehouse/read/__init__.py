"""Reading a published snapshot: queries, search, export, and what differs between two of them."""
