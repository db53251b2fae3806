"""One page's way: fetch, keep, read, compare, load, publish, in chunks."""
