"""Strict reading of text and HTML."""
