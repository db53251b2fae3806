"""An invented arXiv on 127.0.0.1: OAI-PMH with tokens, and the API, in the markup of the site's own code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

from tests.support.servers import Handler, serving
from transforms.records import Page

OAI, API = "arxiv_oai", "arxiv_api"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
RESPONSE = "2026-11-25T12:00:00Z"
OAI_URL, API_URL = "https://oaipmh.arxiv.org/oai", "https://export.arxiv.org/api/query"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <responseDate>{response}</responseDate>
    <request>https://oaipmh.arxiv.org/oai</request>
"""


def record(
    arxiv_id: str, *, versions: int = 1, title: str | None = None, datestamp: str = "2026-11-24", **said: str
) -> str:
    """A record in arXivRaw; `said` are elements by name, with _ for -."""
    every = "".join(
        f'<version version="v{n}"><date>Mon, {n} Sep 2025 10:00:00 GMT</date><size>{n}kb</size></version>'
        for n in range(1, versions + 1)
    )
    named = ((name.replace("_", "-"), escape(text)) for name, text in said.items())
    more = "".join(f"<{name}>{text}</{name}>" for name, text in named)
    return f"""<record><header><identifier>oai:arXiv.org:{arxiv_id}</identifier><datestamp>{datestamp}</datestamp>
<setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{arxiv_id}</id>
<submitter>Ada Example</submitter>{every}<title>{escape(title or f"Invented paper {arxiv_id}")}</title>
<authors>Ada Example and Bo Sample</authors><categories>cs.LG stat.ML</categories>{more}
<license>http://creativecommons.org/licenses/by/4.0/</license><abstract>An invented abstract.</abstract></arXivRaw>
</metadata></record>"""


def deleted(arxiv_id: str) -> str:
    """The record of one that was deleted."""
    header = f"<identifier>oai:arXiv.org:{arxiv_id}</identifier><datestamp>2026-11-25</datestamp>"
    return f'<record><header status="deleted">{header}</header></record>'


def listed(records: Sequence[str], token: str | None = None, *, response: str = RESPONSE, expires: str = "") -> bytes:
    """An answer with records; `token` is the next page, empty on the last of several, None where there is one only."""
    when = f" expirationDate='{expires}'" if expires else ""
    more = "" if token is None else f"<resumptionToken{when}>{token}</resumptionToken>"
    return f"{_HEAD.format(response=response)}<ListRecords>{''.join(records)}{more}</ListRecords></OAI-PMH>".encode()


def error(code: str, said: str = "as the site says it", *, response: str = RESPONSE) -> bytes:
    """An error of the protocol, which comes as 200."""
    return f"{_HEAD.format(response=response)}<error code='{code}'>{said}</error></OAI-PMH>".encode()


def feed(entries: Sequence[str]) -> bytes:
    """An answer of the API."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<updated>{RESPONSE}</updated><opensearch:totalResults>{len(entries)}</opensearch:totalResults>
{"".join(entries)}</feed>""".encode()


def entry(arxiv_id: str, *, version: int = 1, comment: str = "9 pages") -> str:
    """An entry of the API."""
    return f"""<entry><id>http://arxiv.org/abs/{arxiv_id}v{version}</id><title>Invented paper {arxiv_id}</title>
<updated>2025-10-02T10:00:00Z</updated><summary>An invented abstract.</summary><category term="cs.LG"/>
<published>2025-09-01T10:00:00Z</published><arxiv:comment>{comment}</arxiv:comment>
<arxiv:primary_category term="cs.LG"/><author><name>Ada Example</name></author></entry>"""


def answer_page(service: str, url: str, body: bytes, at: datetime = NOON) -> Page:
    """An answer as it was fetched."""
    return Page(
        source=service,
        asked_on=None,
        url=url,
        final_url=url,
        fetched_at=at,
        media_type="text/xml",
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


Reply = tuple[int, bytes, Mapping[str, str]]


@dataclass
class Arxiv:
    """The served archive: pages of records by set, and what the API knows. `asked` is every query with its time.

    `hook` may answer a query in its place.
    """

    pages: dict[str, list[list[str]]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    asked: list[tuple[float, dict[str, str]]] = field(default_factory=list)
    hook: Callable[[dict[str, str]], Reply | None] = lambda _query: None
    expires: str = ""
    base: str = ""

    @property
    def queries(self) -> list[dict[str, str]]:
        """What was asked, in order, robots.txt left out."""
        return [query for _, query in self.asked if query]

    def reply(self, query: dict[str, str]) -> Reply:
        """The answer to a query."""
        if (own := self.hook(query)) is not None:
            return own
        if "id_list" in query:
            ids = query["id_list"].split(",")
            return 200, feed([entry(each) for each in ids if each in self.known]), {}
        token = query.get("resumptionToken", "")
        set_name, _, at = token.rpartition("/") if token else (query.get("set", ""), "", "0")
        pages = self.pages.get(set_name, [])
        if int(at) >= len(pages):
            return 200, error("noRecordsMatch"), {}
        is_last = int(at) == len(pages) - 1
        after = None if len(pages) == 1 else "" if is_last else quote(f"{set_name}/{int(at) + 1}", safe="")
        return 200, listed(pages[int(at)], after, expires="" if is_last else self.expires), {}


class _Site(Handler):
    arxiv: Arxiv

    def answer(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "resumptionToken" in query:  # a token is percent-encoded itself, so it comes encoded twice
            query["resumptionToken"] = query["resumptionToken"].replace("%2F", "/").replace("%3A", ":")
        self.arxiv.asked.append((monotonic(), query))
        status, body, headers = (404, b"", {}) if parts.path == "/robots.txt" else self.arxiv.reply(query)
        self.send(status, body, Content_Type="text/xml", **headers)


@contextmanager
def serving_arxiv(arxiv: Arxiv) -> Iterator[Arxiv]:
    """Serve it for as long as the block lasts."""
    with serving(_Site, arxiv=arxiv) as base:
        arxiv.base = base
        yield arxiv
