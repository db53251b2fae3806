"""Which records are one paper."""
