"""From the network or a file to a listing: pages are fetched, kept, and read into entries as printed."""
