"""Citations as RIS, as Zotero, Mendeley, EndNote and JabRef read it.

After the format's specification (Research Information Systems): a tag of two characters, two blanks, a hyphen and a
blank, then one line of text; lines end with CR LF, an entry with `ER`. A preprint is of the general kind, because the
format has none of its own; its arXiv id is the accession number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.citing.mathematics import in_plain_text
from transforms.citing.records import Citation, Kind, Name

_TYPES = {Kind.PREPRINT: "GEN", Kind.ARTICLE: "JOUR", Kind.PROCEEDINGS: "CPAPER", Kind.OTHER: "GEN"}


def ris_of(citations: Iterable[Citation]) -> str:
    """The entries, in their order. That there are more authors, whom no source names, is said in a note."""
    return "\r\n".join("".join(f"{tag}  - {text}\r\n" for tag, text in _lines(each)) for each in citations)


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[citation.kind]
    yield "ID", citation.key
    yield "TI", in_plain_text(citation.title)
    yield from (("AU", _author(each)) for each in citation.authors)
    if citation.year:
        yield "PY", f"{citation.year:04}"
        if citation.month:
            yield "DA", f"{citation.year:04}/{citation.month:02}/{citation.day or 0:02}/".replace("/00/", "//")
    if citation.venue:
        yield "T2", citation.venue
    if citation.abstract:
        yield "AB", citation.abstract
    yield from (("KW", each) for each in dict.fromkeys((*citation.categories, *citation.keywords)))
    if citation.doi:
        yield "DO", citation.doi
    if citation.eprint:
        yield "AN", f"arXiv:{citation.eprint}"
        yield "DB", "arXiv"
    if citation.url:
        yield "UR", citation.url
    if citation.rest:
        yield "N1", citation.rest
    yield "ER", ""


def _author(name: Name) -> str:
    """`van der Family, Given, Jr.`; a team without commas, which would take it apart."""
    if name.literal:
        return " ".join(name.literal.replace(",", " ").split())
    family = " ".join(filter(None, (name.particle, name.family)))
    return ", ".join((family, name.given, name.suffix) if name.suffix else filter(None, (family, name.given)))
