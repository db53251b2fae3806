"""A page's way from request to publish, chunk by chunk: `run` shows all of it, the other modules do one part each."""
