"""Benchmarks: what they need beyond the project stands in its extra `bench`; no part of the shipped rooms."""
