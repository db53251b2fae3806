"""Documents of feeds as readers see them, and whether they are what RFC 4287 and jsonfeed.org ask for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import jsonschema
from lxml import etree

_HERE = Path(__file__).parent
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


@cache
def _atom_schema() -> Any:
    return etree.RelaxNG(etree.parse(str(_HERE / "atom.rng")))


@cache
def _json_schema() -> Any:
    return jsonschema.Draft202012Validator(json.loads((_HERE / "json_feed.schema.json").read_text()))


def valid_atom(body: bytes) -> Any:
    """The document as a tree; it fails if it is no Atom, also by the rules that the RFC's schema cannot say."""
    root = etree.fromstring(body)
    _atom_schema().assertValid(root)
    for entry in root.iter(f"{ATOM}entry"):
        rels = [each.get("rel") for each in entry.iter(f"{ATOM}link")]
        assert rels.count("alternate") <= 1
        assert rels.count("alternate") or entry.findtext(f"{ATOM}content")
    ids = [each.findtext(f"{ATOM}id") for each in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def valid_json_feed(body: bytes) -> dict[str, Any]:
    """The document; it fails if it is no JSON Feed 1.1."""
    document: dict[str, Any] = json.loads(body)
    _json_schema().validate(document)
    return document


def parsed(body: bytes, address: str = "http://reader.example/feeds/vision/feed.xml") -> Any:
    """The document as a feed reader sees it that fetched it from there."""
    headers = {"content-location": address, "content-type": "application/atom+xml"}
    found = feedparser.parse(body, response_headers=headers)
    assert not found.bozo, found.get("bozo_exception")
    return found


def link_of(thing: Any, rel: str) -> str | None:
    """Where a feed or an entry leads by one relation."""
    return next((str(each.href) for each in thing.get("links", []) if each.rel == rel), None)


def walked(folder: Path) -> list[list[str]]:
    """The ids of the entries of the current document, then of each archive by `prev-archive`."""
    found, name = [], "feed.xml"
    while name:
        document = parsed((folder / name).read_bytes(), f"http://reader.example/{name}")
        found.append([each.id for each in document.entries])
        older = link_of(document.feed, "prev-archive")
        name = urljoin("http://reader.example/", older).rpartition("/")[2] if older else ""
    return found
