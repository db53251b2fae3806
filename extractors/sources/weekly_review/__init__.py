"""The weekly review: `dump` reads and checks a page, `entries` cuts it into entries."""

from extractors.sources.weekly_review.dump import SOURCE

__all__ = ["SOURCE"]
