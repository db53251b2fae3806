"""Citations as CSL-JSON (schema 1.0.2), which pandoc, Zotero and every citeproc read."""

from __future__ import annotations

import json
from collections.abc import Iterable

from transforms.citing.mathematics import in_plain_text
from transforms.citing.records import Citation, Kind, Name

_TYPES = {
    Kind.PREPRINT: "article",  # what the schema calls preprints since 1.0.2
    Kind.ARTICLE: "article-journal",
    Kind.PROCEEDINGS: "paper-conference",
    Kind.OTHER: "document",
}


def csl_of(citations: Iterable[Citation]) -> str:
    """The items as a JSON array."""
    return json.dumps(csl_items(citations), ensure_ascii=False, indent=1) + "\n"


def csl_items(citations: Iterable[Citation]) -> list[dict[str, object]]:
    """The items, in their order. That there are more authors, whom no source names, is a note."""
    return [_item(each) for each in citations]


def _item(citation: Citation) -> dict[str, object]:
    """The item; what is not known is left out, as the schema asks."""
    day = [part for part in (citation.year, citation.month, citation.day) if part]
    is_preprint = citation.kind is Kind.PREPRINT
    item: dict[str, object] = {
        "id": citation.key,
        "type": _TYPES[citation.kind],
        "title": in_plain_text(citation.title),
        "author": [_author(each) for each in citation.authors],
        "issued": {"date-parts": [day]} if day else None,
        "container-title": citation.venue,
        "publisher": "arXiv" if is_preprint else None,
        "number": f"arXiv:{citation.eprint}" if citation.eprint else None,
        "version": str(citation.version) if citation.version else None,
        "DOI": citation.doi,
        "URL": citation.url,
        "abstract": citation.abstract,
        "keyword": ", ".join(dict.fromkeys((*citation.categories, *citation.keywords))),
        "note": citation.rest,
    }
    return {name: value for name, value in item.items() if value}


def _author(name: Name) -> dict[str, str]:
    parts = {
        "literal": name.literal,
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
