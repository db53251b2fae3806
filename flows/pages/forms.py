"""The three forms of a page: HTML to read, JSON for programs, CSV for tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import msgspec
from jinja2 import Environment

from flows.design.environment import environment_of, without_blank_lines
from flows.feeds.kept import KeptFeed
from flows.pages.links import ADDRESSES, Links
from flows.pages.registry import Kind
from flows.shown import in_json
from warehouse import Manifest

# What a spreadsheet would take as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also in full width


def html_of(
    kind: Kind,
    page: object,
    *,
    address: str,
    link: Links,
    manifest: Manifest | None,
    query: Mapping[str, str] | None = None,
    is_served: bool = True,
    not_shown: Mapping[str, Sequence[str]] | None = None,
    feeds: Sequence[KeptFeed] = (),
) -> str:
    """The page as HTML; the same record gives the same text. Every text in it is escaped.

    `address` and `query` are its own; without a server (`is_served`) no page can be asked anything by a query.
    `not_shown` are the kinds of texts and names that were taken out of it by terms, with the sources that gave them.
    Its head leads to `feeds`, those of readers.
    """
    own: dict[str, object] = {"kind": kind, "address": address, "query": query or {}, "not_shown": not_shown or {}}
    return rendered(kind.template, page=page, link=link, manifest=manifest, is_served=is_served, feeds=feeds, **own)


def rendered(template: str, *, feeds: Sequence[KeptFeed], **values: object) -> str:
    """A template of this package with values, without blank lines; its head leads to the feeds."""
    return without_blank_lines(_environment().get_template(template).render(to=ADDRESSES, feeds=feeds, **values))


def json_of(page: object) -> str:
    """The record as JSON; control characters are escapes, so that a terminal can print it."""
    return in_json(msgspec.json.format(msgspec.json.encode(page).decode(), indent=1)) + "\n"


def csv_of(kind: Kind, page: object) -> str:
    """The rows of the page as CSV with a head, lists joined by `; `. A kind without rows has no CSV.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    rows: Sequence[object] = getattr(page, kind.rows or "")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    names = [each.name for each in fields(_row_type(rows))] if rows else []
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return written.getvalue()


def _row_type(rows: Sequence[object]) -> Any:
    return type(rows[0])


def _cell(value: object) -> object:
    """A value as the text of a cell."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, tuple | list):
        return _cell("; ".join(str(_cell(each)) for each in value))
    if is_dataclass(value):
        return " ".join(str(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    return "" if value is None else value


@cache
def _environment() -> Environment:
    return environment_of("flows.pages")
