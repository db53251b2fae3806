"""Hugging Face Daily Papers: `day_page` reads a page by its JSON `items`, checked against its `cards`."""

from extractors.sources.hf_daily.day_page import SOURCE

__all__ = ["SOURCE"]
