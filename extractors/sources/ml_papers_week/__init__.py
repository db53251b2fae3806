"""ML/AI Papers of the Week: `page` reads a page with weeks, `index` tells which page that is.

`weeks` reads the headings, `rows` one row of a week.
"""

from extractors.sources.ml_papers_week.page import SOURCE

__all__ = ["SOURCE"]
