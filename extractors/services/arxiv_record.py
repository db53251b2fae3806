"""What both services of arXiv write alike: DOIs, abstracts, and what is said of a record that cannot be read."""

from __future__ import annotations

import re
from contextlib import suppress

from transforms.fields.identifiers import doi, is_arxiv_doi
from transforms.fields.text import paragraphs
from transforms.records import Finding

UNREADABLE = "unreadable_record"
_BETWEEN = re.compile(r"[\s,;]+(?=(?:doi:|https?://)?10\.)", re.IGNORECASE)


def dois(text: str | None) -> list[str]:
    """The DOIs that a text names, in order: several stand in one field; an arXiv DOI is no journal's."""
    found = []
    for each in _BETWEEN.split((text or "").strip()):
        with suppress(ValueError):
            found.append(doi(each))
    return [each for each in found if not is_arxiv_doi(each)]


def paragraph(text: str | None) -> str | None:
    """An abstract with its lines unwrapped."""
    return text and (paragraphs(text) or None)


def unreadable(error: Exception, where: str) -> Finding:
    """What is told of one record that cannot be read; the others of its answer are loaded."""
    return Finding.warning(UNREADABLE, " ".join(str(error).split())[:300], "a record of a paper", where[:300])
