"""What arXiv announced: `day_list` reads a day's list of one category, whole or not at all.

`frame` reads what stands around the entries, `sections` the entries of all parts, `entries` one paper, `empty` decides
what an empty list means, `membership` whether the page is of the category, `paging` which addresses make up the list.
"""

from extractors.sources.arxiv_announced.day_list import SOURCE

__all__ = ["SOURCE"]
