"""Digests: who is told what is new, on which channel, once. The choice itself is pure (`transforms.digest`)."""
