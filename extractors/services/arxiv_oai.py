"""arXiv's OAI-PMH, format arXivRaw: everything that it knows of a paper, with the dates of all versions.

Last compared with answers of the site's open server code (arXiv/oaipmh 27ad99e3 of 2026-08-11, its test database), and
with real answers of the server before it (2016 to 2018).

Errors of the protocol come as 200. `noRecordsMatch` says that nothing is new, `badResumptionToken` that a harvest must
begin again, `idDoesNotExist` that an id is unknown; the others are refused with the site's own words: `badArgument`
comes for a `from` later than the server's now.

Only arXivRaw is read. `created` and `updated` of the formats arXiv and arXivOld are those of the current version, and
oai_dc has no versions at all. `acm-class` is never read: the server prints the msc-class in its place.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.errors import AnswerRefused, PageChanged
from extractors.reading.xml import Element, children, maybe, name_of, one, root_of, text_of
from extractors.service import Service
from extractors.services.arxiv_record import dois, paragraph, unreadable
from transforms.facts import BAD_TOKEN, NO_RECORDS, Answer, ArxivFacts, ArxivVersion, Asked
from transforms.fields.author_lists import names_in
from transforms.fields.identifiers import arxiv_id
from transforms.fields.text import title_line
from transforms.records import Content, Finding, Page

NAME = "arxiv_oai"
FORMAT = "arXivRaw"
PREFIX = "oai:arXiv.org:"
UNKNOWN_ID = "idDoesNotExist"
# Why the other formats may not be read, by the name of their element.
OTHER_FORMATS = {
    "arXiv": "its `created` is that of the current version",
    "arXivOld": "it has no versions",
    "dc": "oai_dc has no versions",
}
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_VERSION = re.compile(r"v([1-9]\d{0,2})")
_RFC_DATE = re.compile(r"[A-Z][a-z]{2}, {1,2}\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


def parse(page: Page) -> Answer:
    """What one answer says. Raises AnswerRefused with the site's own words for an error that is one."""
    where, asked = page.url, asked_by(page.url)
    root = root_of(page.body, where=where, closing=b"</OAI-PMH>")
    if name_of(root) != "OAI-PMH":
        raise PageChanged(where, "an answer of OAI-PMH", f"<{name_of(root)}>")
    response_at = _instant(text_of(one(root, "responseDate", where=where)), where=f"{where} responseDate")
    if (error := maybe(root, "error", where=where)) is not None:
        return _error(error, asked, response_at, where)
    body = next((each for each in children(root) if name_of(each) not in {"responseDate", "request"}), None)
    if body is None or name_of(body) not in {"ListRecords", "GetRecord"}:
        found = "nothing" if body is None else f"<{name_of(body)}>"
        raise PageChanged(where, "<ListRecords> or <GetRecord>", found)
    facts, findings = _records(body, where)
    token = maybe(body, "resumptionToken", where=where)
    expires = None if token is None else token.get("expirationDate")
    return Answer(
        asked=asked,
        response_at=response_at,
        facts=facts,
        findings=findings,
        next_token=text_of(token),
        token_expires_at=_instant(expires, where=f"{where} expirationDate") if expires else None,
    )


def changes(base_url: str, asked: Asked) -> str:
    """The address of what changed since a day in a set, or of the next page, whose token stands alone."""
    query = {"verb": "ListRecords"}
    if asked.token is not None:
        return f"{base_url}?{urlencode(query | {'resumptionToken': asked.token})}"
    query |= {"metadataPrefix": FORMAT}
    query |= {"from": str(asked.from_on)} if asked.from_on else {}
    return f"{base_url}?{urlencode(query | ({'set': asked.set_name} if asked.set_name else {}))}"


def asked_by(url: str) -> Asked:
    """What an address asks for."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    since = query.get("from")
    identifier = query.get("identifier", "").removeprefix(PREFIX)
    return Asked(
        set_name=query.get("set"),
        from_on=date.fromisoformat(since) if since and re.fullmatch(r"\d{4}-\d{2}-\d{2}", since) else None,
        token=query.get("resumptionToken"),
        ids=(identifier,) if identifier else (),
    )


def _error(error: Element, asked: Asked, response_at: datetime, where: str) -> Answer:
    code, said = error.get("code") or "", " ".join((text_of(error) or "").split())
    if code in {NO_RECORDS, BAD_TOKEN}:
        return Answer(asked=asked, response_at=response_at, error_code=code, error_text=said)
    if code == UNKNOWN_ID and asked.ids:
        return Answer(asked=asked, response_at=response_at, missing=asked.ids, error_code=code, error_text=said)
    raise AnswerRefused(where, code or "an error without a code", said)


def _records(body: Element, where: str) -> tuple[tuple[ArxivFacts, ...], tuple[Finding, ...]]:
    """What each record says; one that cannot be read is told, and refuses the answer where it is not alone."""
    facts: list[ArxivFacts] = []
    findings: list[Finding] = []
    records = list(children(body, "record"))
    for place, record in enumerate(records, start=1):
        header = one(record, "header", where=f"{where} record {place}")
        identifier = text_of(one(header, "identifier", where=where)) or ""
        at = f"{where} {identifier or f'record {place}'}"
        _require_format(record, at)
        try:
            facts.append(_facts(record, header, identifier, at))
        except (PageChanged, ValueError) as error:
            findings.append(unreadable(error, at))
    if not records:
        raise PageChanged(where, f"at least one <record> in <{name_of(body)}>", "none")
    if len(findings) * 5 > max(len(records), 9):  # more than a fifth, or two of few
        raise PageChanged(
            where, "records that can be read", f"{len(findings)} of {len(records)} that cannot: {findings[0].observed}"
        )
    return tuple(facts), tuple(findings)


def _require_format(record: Element, where: str) -> None:
    metadata = maybe(record, "metadata", where=where)
    for each in () if metadata is None else children(metadata):
        name = name_of(each)
        if name != FORMAT:
            why = OTHER_FORMATS.get(name, "an unknown format")
            raise PageChanged(where, f"metadata in the format {FORMAT}", f"{name}: {why}")


def _facts(record: Element, header: Element, identifier: str, where: str) -> ArxivFacts:
    known_as, _ = arxiv_id(identifier.removeprefix(PREFIX))
    changed_on = date.fromisoformat(text_of(one(header, "datestamp", where=where)) or "")
    if header.get("status") == "deleted":
        return ArxivFacts(arxiv_id=known_as, changed_on=changed_on, is_deleted=True)
    raw = one(one(record, "metadata", where=where), FORMAT, where=where)

    def said(name: str) -> str | None:
        return text_of(maybe(raw, name, where=where))

    own, _ = arxiv_id(said("id") or "")
    title, authors, doi = said("title"), said("authors"), said("doi")
    return ArxivFacts(
        arxiv_id=known_as,
        title=title and title_line(title),
        abstract=paragraph(said("abstract")),
        authors=names_in(authors or ""),
        authors_text=authors and title_line(authors),
        categories=tuple((said("categories") or "").split()),
        comments=_line(said("comments")),
        journal_ref=_line(said("journal-ref")),
        doi=next(iter(dois(doi)), None),
        doi_text=_line(doi),
        report_no=_line(said("report-no")),
        license=said("license"),
        submitter=_line(said("submitter")),
        versions=_versions(raw, where),
        changed_on=changed_on,
        renumbered_to=own if own != known_as else None,
    )


def _versions(raw: Element, where: str) -> tuple[ArxivVersion, ...]:
    """The versions, which must be all, from 1 without a hole: a lost one would make a later one the first."""
    versions = tuple(_version(each, where) for each in children(raw, "version"))
    numbers = [each.number for each in versions]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise PageChanged(where, "all versions in order, from v1", ", ".join(f"v{each}" for each in numbers) or "none")
    return versions


def _version(element: Element, where: str) -> ArxivVersion:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - commands that read import this module too

    number, at = _VERSION.fullmatch(element.get("version") or ""), text_of(one(element, "date", where=where)) or ""
    if number is None or not _RFC_DATE.fullmatch(at):
        raise PageChanged(where, "a version with a date in GMT", f"{element.get('version')}: {at[:60]!r}")
    return ArxivVersion(
        number=int(number[1]),
        created_at=parsedate_to_datetime(at).astimezone(UTC),
        size_text=text_of(maybe(element, "size", where=where)),
        source_type=text_of(maybe(element, "source_type", where=where)),
    )


def _line(text: str | None) -> str | None:
    return text and (title_line(text) or None)


def _instant(text: str | None, *, where: str) -> datetime:
    if not text or not _INSTANT.fullmatch(text):
        raise PageChanged(where, "an instant in UTC, as 2026-11-25T18:59:10Z", repr(text)[:60])
    return datetime.fromisoformat(text)


SERVICE = Service(
    name=NAME,
    version=1,
    gives="what changed since a day, by set: all versions with dates and sizes, categories, comments, DOI, licence",
    terms="metadata are CC0; one request in three seconds over all machines, one connection",
    default_url="https://oaipmh.arxiv.org/oai",
    requests_per_second_max=1 / 3,
    parse=parse,
    # CC0 covers abstracts. The submitter's name is in it too, but is that of a person, and no fact of a paper.
    shows=frozenset({Content.ABSTRACT}),
    changes=changes,
)
