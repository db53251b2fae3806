"""ML Papers of the Week: `readme` reads the page with all its weeks, `rows` one row of a week."""

from extractors.sources.ml_papers_week.readme import SOURCE

__all__ = ["SOURCE"]
