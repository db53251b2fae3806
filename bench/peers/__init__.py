"""What a user would pick instead: programs `python -m bench.peers.NAME PAGES OUT` that print their times as JSON."""
