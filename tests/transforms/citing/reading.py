"""Citations read back by programs that are not ours: pybtex, bibtexparser, rispy, a schema of CSL.

LaTeX is decoded as bibtexparser does it, by pylatexenc's reader: that of pybtex, latexcodec, knows too few commands.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import jsonschema
import rispy
from bibtexparser.entrypoint import parse_string as parse_bibtex
from bibtexparser.middlewares import MonthIntMiddleware, SeparateCoAuthors, SplitNameParts
from pybtex.database import Entry, Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from transforms.citing.records import Name

_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
_TEXTS = (
    "id",
    "title",
    "container-title",
    "publisher",
    "number",
    "version",
    "DOI",
    "URL",
    "abstract",
    "keyword",
    "note",
)
_PARTS = ("family", "given", "non-dropping-particle", "suffix", "literal")
_NAME: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": dict.fromkeys(_PARTS, _TEXT),
}
_DAY: Mapping[str, Any] = {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}}
_DATE: Mapping[str, Any] = {
    "type": "object",
    "required": ["date-parts"],
    "additionalProperties": False,
    "properties": {"date-parts": {"type": "array", "minItems": 1, "maxItems": 2, "items": _DAY}},
}
# After the description of CSL-JSON 1.0.2, as far as our items go: nothing else may stand in them.
CSL_SCHEMA: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(_TEXTS, _TEXT),
            "type": {"enum": ["article", "article-journal", "paper-conference", "document"]},
            "author": {"type": "array", "items": _NAME},
            "issued": _DATE,
        },
    },
}


def pybtex_entries(text: str) -> Mapping[str, Entry]:
    """The entries by key, as pybtex reads them."""
    entries: Mapping[str, Entry] = parse_string(text, "bibtex").entries
    return entries


def parsed_entries(text: str) -> Mapping[str, Any]:
    """The entries by key, as bibtexparser reads them, with names in parts; no block may fail."""
    library = parse_bibtex(text, append_middleware=[MonthIntMiddleware(), SeparateCoAuthors(), SplitNameParts()])
    assert library.failed_blocks == []
    return library.entries_dict


def ris_entries(text: str) -> Sequence[Mapping[str, Any]]:
    """The entries as rispy reads them."""
    entries: Sequence[Mapping[str, Any]] = rispy.loads(text)
    return entries


def csl_items(text: str) -> Sequence[Mapping[str, Any]]:
    """The items, which must be valid."""
    items: Sequence[Mapping[str, Any]] = json.loads(text)
    jsonschema.validate(items, CSL_SCHEMA)
    return items


# Commands of LaTeX's kernel that pylatexenc's reader does not know.
_KERNEL = {
    r"\textbraceleft": "\\{",
    r"\textbraceright": "\\}",
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textbar": "|",
}


def decoded(latex: str) -> str:
    """LaTeX as text; a quotation mark is one, however it is drawn."""
    for command, sign in _KERNEL.items():
        latex = latex.replace(command, sign)
    return plain(str(LatexNodes2Text().latex_to_text(latex)))


def plain(text: str) -> str:
    """The text with all quotation marks and dashes alike: LaTeX does not tell some of them apart."""
    alike = re.sub("[\u2018\u2019`]", "'", text).replace("\u02c6", "^")
    alike = re.sub("[\u201c\u201d]|''", '"', alike)
    return unicodedata.normalize("NFKC", re.sub("\u2014|\u2013|---?", "-", alike))


def name_of_person(person: Person) -> Name:
    """Pybtex's parts as ours; a name in braces is one last name."""
    last = " ".join(person.last_names)
    if last.startswith("{") and not (person.first_names or person.prelast_names or person.lineage_names):
        return Name(literal=decoded(last))
    return Name(
        family=decoded(last),
        given=decoded(" ".join([*person.first_names, *person.middle_names])),
        particle=decoded(" ".join(person.prelast_names)),
        suffix=decoded(" ".join(person.lineage_names)),
    )


def name_of_parts(parts: Any) -> Name:
    """The same for bibtexparser."""
    last = " ".join(parts.last)
    if last.startswith("{") and not (parts.first or parts.von or parts.jr):
        return Name(literal=decoded(last))
    return Name(
        family=decoded(last),
        given=decoded(" ".join(parts.first)),
        particle=decoded(" ".join(parts.von)),
        suffix=decoded(" ".join(parts.jr)),
    )
