"""One request: politely, within limits, with a named end."""
