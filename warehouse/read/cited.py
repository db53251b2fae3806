"""Papers with what a citation of each needs."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.citing.records import CitedPaper
from warehouse.read.reader import Reader


def cited_papers(reader: Reader, keys: Sequence[str]) -> tuple[CitedPaper, ...]:
    """The papers of these keys, in their order; a key that no paper has now is left out.

    What is withheld is withheld here too: an author whose name is not published reads `(name withheld)`.
    """
    found = {each.paper_key: each for each in reader.records("cite_papers", CitedPaper, {"keys": list(keys)})}
    return tuple(found[key] for key in keys if key in found)
