"""Feeds: one record of what is new, written as Atom (RFC 4287) and as JSON Feed 1.1. Nothing here reads or serves."""
