"""The text of a Daily Papers search page: `dump` reads the frame, then its cards, then their entries."""

from extractors.sources.hf_listing_text.dump import SOURCE

__all__ = ["SOURCE"]
