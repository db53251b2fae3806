"""arXiv's metadata as one file, a JSON object a line, as it is published for download: facts behind every id.

Compared with the description of the public dataset (Cornell University, arXiv Dataset; fields `id, submitter, authors,
title, comments, journal-ref, doi, report-no, categories, license, abstract, versions, update_date, authors_parsed`),
and with nothing else: no such file is at hand. A version has its number and date, and no size.

An answer of this service is a part of the file: some thousand of its lines, as `extractors.landing.json_lines` cuts it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from extractors.errors import PageChanged
from extractors.service import Service
from extractors.services.arxiv_record import UNREADABLE, dois, paragraph, unreadable
from transforms.facts import Answer, ArxivFacts, ArxivVersion, Asked
from transforms.fields.author_lists import names_in
from transforms.fields.identifiers import arxiv_id
from transforms.fields.text import title_line
from transforms.records import Content, Finding, Page

NAME = "arxiv_metadata"
# So many records of a part are named one by one; the others are counted.
NAMED_MAX = 20
_VERSION = re.compile(r"v([1-9]\d{0,2})")


class Record(msgspec.Struct, rename={"journal_ref": "journal-ref", "report_no": "report-no"}, kw_only=True):
    """One line. What may be missing or null is None."""

    id: str
    title: str | None = None
    abstract: str | None = None
    authors: str | None = None
    authors_parsed: list[list[str]] | None = None
    categories: str | list[str] | None = None
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    report_no: str | None = None
    license: str | None = None
    submitter: str | None = None
    versions: list[dict[str, Any]] | None = None
    update_date: str | None = None


def parse(page: Page) -> Answer:
    """What the lines of a part say; of an id that comes again the last line holds.

    Raises PageChanged where more than a fifth of the lines cannot be read.
    """
    facts: dict[str, ArxivFacts] = {}
    odd: list[Finding] = []
    lines = [line for line in page.body.splitlines() if line.strip()]
    for place, line in enumerate(lines, start=1):
        where = f"{page.url} record {place}"
        try:
            each = _facts(_decoded(line), where)
        except (PageChanged, ValueError) as error:
            odd.append(unreadable(error, where))
            continue
        before = facts.pop(each.arxiv_id, each)
        if before != each:
            odd.append(_repeated(each.arxiv_id, where))
        facts[each.arxiv_id] = each
    unread = [each for each in odd if each.check_name == UNREADABLE]
    if len(unread) > max(len(lines) // 5, 9):
        found = f"{len(unread)} of {len(lines)} lines that cannot be read, the first: {unread[0].observed}"
        raise PageChanged(page.url, "lines that are records of arXiv", found)
    return Answer(asked=Asked(), response_at=None, facts=tuple(facts.values()), findings=_shortened(odd, page.url))


def told_by(line: bytes) -> tuple[frozenset[str], date | None] | None:
    """The categories of a line and the day of its last change, to choose by; None for one that cannot be read."""
    try:
        record = _decoded(line)
        return frozenset(_categories(record)), _day(record.update_date)
    except ValueError:
        return None


def _decoded(line: bytes) -> Record:
    try:
        return msgspec.json.decode(line, type=Record)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{error}: {line[:60]!r}…") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8: {line[:60]!r}…") from error


def _facts(record: Record, where: str) -> ArxivFacts:
    known_as, _ = arxiv_id(record.id)
    return ArxivFacts(
        arxiv_id=known_as,
        title=_line(record.title),
        abstract=paragraph(record.abstract),
        authors=_names(record),
        authors_text=_line(record.authors),
        categories=_categories(record),
        comments=_line(record.comments),
        journal_ref=_line(record.journal_ref),
        doi=next(iter(dois(record.doi)), None),
        doi_text=_line(record.doi),
        report_no=_line(record.report_no),
        license=record.license,
        submitter=_line(record.submitter),
        versions=_versions(record, where),
        changed_on=_day(record.update_date),
    )


def _names(record: Record) -> tuple[str, ...]:
    """As the line of authors has them, which every service gives; else from their parts: family, given, suffix."""
    if record.authors:
        return names_in(record.authors)
    parts = ([each[1], each[0], *each[2:3]] if len(each) > 1 else each for each in record.authors_parsed or ())
    return tuple(name for each in parts if (name := title_line(" ".join(filter(None, each)))))


def _categories(record: Record) -> tuple[str, ...]:
    """Of old files a list of one text."""
    texts = [record.categories] if isinstance(record.categories, str) else record.categories or []
    return tuple(dict.fromkeys(code for text in texts for code in text.split()))


def _versions(record: Record, where: str) -> tuple[ArxivVersion, ...]:
    versions = tuple(_version(each, where) for each in record.versions or ())
    numbers = [each.number for each in versions]
    if numbers != list(range(1, len(numbers) + 1)):
        raise PageChanged(where, "all versions in order, from v1", ", ".join(f"v{each}" for each in numbers))
    return versions


def _version(said: dict[str, Any], where: str) -> ArxivVersion:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - commands that read import this module too

    number, created = _VERSION.fullmatch(str(said.get("version"))), str(said.get("created"))
    try:
        at = parsedate_to_datetime(created).astimezone(UTC)
    except (ValueError, TypeError, IndexError) as error:
        raise PageChanged(where, "a version with a date", f"{said.get('version')}: {created[:60]!r}") from error
    if number is None:
        raise PageChanged(where, "a version as v1", repr(said.get("version"))[:60])
    return ArxivVersion(number=int(number[1]), created_at=at)


def _day(text: str | None) -> date | None:
    return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone


def _line(text: str | None) -> str | None:
    return text and (title_line(text) or None)


def _repeated(identifier: str, where: str) -> Finding:
    observed = f"{identifier} again, with other facts"
    return Finding.warning("repeated_record", observed, "each id once; the last line holds", where)


def _shortened(odd: list[Finding], where: str) -> tuple[Finding, ...]:
    """A damaged file may have thousands: the first few by name, the number of the others."""
    if len(odd) <= NAMED_MAX:
        return tuple(odd)
    rest = Finding.warning(UNREADABLE, f"{len(odd) - NAMED_MAX} more", "records that can be read, each id once", where)
    return (*odd[:NAMED_MAX], rest)


SERVICE = Service(
    name=NAME,
    version=1,
    gives="everything in the metadata of the whole archive, without sizes of versions, from a file that you have",
    terms="metadata are CC0",
    default_url=None,
    requests_per_second_max=1 / 3,
    parse=parse,
    # CC0 covers abstracts. The submitter's name is in it too, but is that of a person, and no fact of a paper.
    shows=frozenset({Content.ABSTRACT}),
)
