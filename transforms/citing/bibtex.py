"""Citations as BibTeX, for classic BibTeX and for biber with biblatex.

`eprint`, `archiveprefix` and `primaryclass` are the names that styles for BibTeX know; biblatex takes the last two as
`eprinttype` and `eprintclass`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from transforms.citing.latex import latex_of
from transforms.citing.records import Citation, Kind, Name
from transforms.citing.titles import bibtex_title

_TYPES = {
    Kind.PREPRINT: "misc",
    Kind.ARTICLE: "article",
    Kind.PROCEEDINGS: "inproceedings",
    Kind.OTHER: "misc",
}
_PLACES = {Kind.ARTICLE: "journal", Kind.PROCEEDINGS: "booktitle"}
# Names that every style defines.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEPT_WORDS = frozenset({"and", "others"})
# What styles hand on to commands that take it as it stands; a DOI with another sign has no field, and its URL has it.
_PLAIN_DOI = re.compile(r"[\w./()\[\]:;<>+,=*!'@-]+", re.ASCII)


def bibtex_of(citations: Iterable[Citation]) -> str:
    """The entries, in their order; the same citation gives the same text.

    All authors are named. Where there are more whom no source names, the list ends in `and others`.
    """
    return "\n".join(map(_entry, citations))


def _entry(citation: Citation) -> str:
    lines = "".join(f"  {name} = {value},\n" for name, value in _fields(citation))
    return f"@{_TYPES[citation.kind]}{{{citation.key},\n{lines}}}\n"


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{bibtex_title(citation.title)}}}"
    if citation.authors:
        rest = ["others"] if citation.has_more_authors else []
        yield "author", f"{{{' and '.join([*map(_author, citation.authors), *rest])}}}"
    if citation.venue and citation.kind in _PLACES:
        yield _PLACES[citation.kind], f"{{{latex_of(citation.venue)}}}"
    if citation.year:
        yield "year", f"{{{citation.year}}}"
    if citation.month:
        yield "month", _MONTHS[citation.month - 1]
    if citation.eprint:
        yield "eprint", f"{{{citation.eprint}}}"
        yield "archiveprefix", "{arXiv}"
        if citation.primary_class:
            yield "primaryclass", f"{{{latex_of(citation.primary_class)}}}"
    if citation.doi and _PLAIN_DOI.fullmatch(citation.doi):
        yield "doi", f"{{{citation.doi}}}"
    if citation.url:
        yield "url", f"{{{citation.url}}}"


def _author(name: Name) -> str:
    """`von Family, Jr., Given`; a team in braces, so that nothing takes it apart."""
    if name.literal:
        return f"{{{latex_of(name.literal)}}}"
    if name.suffix and not name.given:
        return f"{{{latex_of(' '.join(filter(None, (name.particle, name.family, name.suffix))))}}}"
    family = " ".join(filter(None, (_words(name.particle), _family(name))))
    return ", ".join(filter(None, (family, latex_of(name.suffix), _words(name.given))))


def _family(name: Name) -> str:
    """The family name; in braces where a small word in it, or a missing given name, would be read as something else.

    biber takes a family name in small letters for a particle, also where there is no other word.
    """
    words = name.family.split()
    is_misread = any(_is_small(word) for word in words) or (len(words) > 1 and not name.given)
    return f"{{{latex_of(name.family)}}}" if is_misread else _words(name.family)


def _words(text: str) -> str:
    return " ".join(f"{{{word}}}" if word.lower() in _KEPT_WORDS else latex_of(word) for word in text.split())


def _is_small(word: str) -> bool:
    return next((sign for sign in word if sign.isalpha()), "A").islower()
