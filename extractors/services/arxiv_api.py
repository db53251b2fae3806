"""arXiv's API, in Atom: what it says of ids, for those that OAI-PMH did not bring.

Last compared with 19 recorded answers of 2026-04-12 and 2026-05-11 (lukasschwab/arxiv.py).

An entry has the dates of version 1 and of the current one, and no others. An unknown id is simply not there, so what
was asked is compared with what was answered, id by id. An entry titled `Error` is the API's own
error, which comes as 400, and no paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.errors import AnswerRefused, PageChanged
from extractors.reading.xml import Element, children, maybe, name_of, one, root_of, text_of
from extractors.service import Service
from extractors.services.arxiv_record import dois, paragraph, unreadable
from transforms.facts import Answer, ArxivFacts, ArxivVersion, Asked, absent
from transforms.fields.identifiers import arxiv_id
from transforms.fields.text import title_line
from transforms.records import Content, Finding, Page

NAME = "arxiv_api"
IDS_MAX = 100
_ERROR = re.compile(r"https?://arxiv\.org/api/errors\b")
_ABSTRACT = re.compile(r"https?://arxiv\.org/abs/(.+)")
_VERSIONED = re.compile(r"(.+)v([1-9]\d{0,2})")


def parse(page: Page) -> Answer:
    """What one answer says of the ids in its address. Raises AnswerRefused with the API's own words for its error."""
    where = page.url
    root = root_of(page.body, where=where, closing=b"</feed>")
    if name_of(root) != "feed":
        raise PageChanged(where, "an Atom feed", f"<{name_of(root)}>")
    entries = list(children(root, "entry"))
    for each in entries:
        _require_paper(each, where)
    facts, findings = _facts_of(entries, where)
    _require_all(root, entries, where)
    asked = asked_by(page.url)
    canonical = {each: _canonical(each) for each in asked.ids}
    there = {each.arxiv_id for each in facts}
    return Answer(
        asked=asked,
        response_at=_instant(text_of(one(root, "updated", where=where)), where),
        facts=facts,
        findings=findings,
        missing=absent(asked.ids, (each for each, name in canonical.items() if name in there)),
    )


def by_ids(base_url: str, ids: Sequence[str]) -> str:
    """The address of what it says of at most 100 ids; without `max_results` only ten would come back."""
    if not 0 < len(ids) <= IDS_MAX:
        raise ValueError(f"between 1 and {IDS_MAX} ids an address, not {len(ids)}")
    return f"{base_url}?{urlencode({'id_list': ','.join(ids), 'max_results': len(ids)}, safe=',/')}"


def asked_by(url: str) -> Asked:
    """The ids in an address; one of a search has none."""
    listed = parse_qs(urlsplit(url).query).get("id_list", [""])[0]
    return Asked(ids=tuple(each for each in listed.split(",") if each))


def _require_paper(entry: Element, where: str) -> None:
    identifier, title = text_of(one(entry, "id", where=where)) or "", text_of(maybe(entry, "title", where=where))
    if _ERROR.match(identifier) or (title == "Error" and not _ABSTRACT.match(identifier)):
        said = text_of(maybe(entry, "summary", where=where)) or identifier
        raise AnswerRefused(where, "Error", said)


def _require_all(root: Element, entries: Sequence[Element], where: str) -> None:
    """An answer to ids says how many it found: fewer entries were cut. A search gives a part of its many."""
    total = text_of(maybe(root, "totalResults", where=where)) or ""
    if not total.isdecimal():
        raise PageChanged(where, "a number in <totalResults>", repr(total)[:60])
    if asked_by(where).ids and int(total) != len(entries):
        raise PageChanged(where, f"{total} entries, as <totalResults> says", str(len(entries)))


def _facts_of(entries: Sequence[Element], where: str) -> tuple[tuple[ArxivFacts, ...], tuple[Finding, ...]]:
    facts: list[ArxivFacts] = []
    findings: list[Finding] = []
    for entry in entries:
        at = f"{where} {text_of(one(entry, 'id', where=where))}"
        try:
            facts.append(_facts(entry, at))
        except (PageChanged, ValueError) as error:
            findings.append(unreadable(error, at))
    if len(findings) * 5 > max(len(entries), 9):
        raise PageChanged(
            where, "entries that can be read", f"{len(findings)} of {len(entries)} that cannot: {findings[0].observed}"
        )
    return tuple(facts), tuple(findings)


def _facts(entry: Element, where: str) -> ArxivFacts:
    def said(name: str) -> str | None:
        return text_of(maybe(entry, name, where=where))

    address = _ABSTRACT.fullmatch(said("id") or "")
    named = _VERSIONED.fullmatch(address[1]) if address else None
    if named is None:
        raise PageChanged(where, "the address of a paper with its version", repr(said("id"))[:100])
    first_at, current_at = _instant(said("published"), where), _instant(said("updated"), where)
    number = int(named[2])
    doi, title = said("doi"), said("title")
    authors = [text_of(one(each, "name", where=where)) or "" for each in children(entry, "author")]
    return ArxivFacts(
        arxiv_id=arxiv_id(named[1])[0],
        title=title and title_line(title),
        abstract=paragraph(said("summary")),
        authors=tuple(title_line(each) for each in authors if each),
        categories=_categories(entry, where),
        comments=_line(said("comment")),
        journal_ref=_line(said("journal_ref")),
        doi=next(iter(dois(doi)), None),
        doi_text=_line(doi),
        versions=(
            ArxivVersion(number=1, created_at=first_at),
            *((ArxivVersion(number=number, created_at=current_at),) if number > 1 else ()),
        ),
    )


def _categories(entry: Element, where: str) -> tuple[str, ...]:
    """The primary one first, as OAI-PMH has them."""
    primary = one(entry, "primary_category", where=where).get("term")
    every = [primary, *(each.get("term") for each in children(entry, "category"))]
    return tuple(dict.fromkeys(each for each in every if each))


def _canonical(text: str) -> str | None:
    """An id as facts name it; None for one that cannot be one, and is missing from every answer."""
    try:
        return arxiv_id(text)[0]
    except ValueError:
        return None


def _line(text: str | None) -> str | None:
    return text and (title_line(text) or None)


def _instant(text: str | None, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise PageChanged(where, "an instant in UTC, as 2026-04-12T22:09:26Z", repr(text)[:60])
    return found


SERVICE = Service(
    name=NAME,
    version=1,
    gives="what it says of ids: the dates of the first and the current version, categories, comments, DOI, journal",
    terms="metadata are CC0; one request in three seconds over all machines, one connection",
    default_url="https://export.arxiv.org/api/query",
    requests_per_second_max=1 / 3,
    parse=parse,
    # CC0 covers abstracts. The submitter's name is in it too, but is that of a person, and no fact of a paper.
    shows=frozenset({Content.ABSTRACT}),
    by_ids=by_ids,
    ids_max=IDS_MAX,
    statuses=frozenset({200, 400}),
)
