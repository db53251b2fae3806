"""One HTML page about one week."""
