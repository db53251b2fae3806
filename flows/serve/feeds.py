"""Feeds over HTTP: that of the newest papers from the snapshot, and those of readers as their files are."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import msgspec
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from flows.feeds import atom, json_feed
from flows.feeds.kept import CURRENT, FeedError, KeptFeed, document_of, feeds_in
from flows.feeds.new import ADDRESS, new_papers
from flows.pages import links
from flows.pages.asked import NoSuchPage
from flows.serve.answers import HTML, JSON, REVALIDATED, Answers, http_date, is_known
from transforms.errors import PaperlogError
from warehouse import Manifest

MEDIA_TYPES = {atom.SUFFIX: atom.MEDIA_TYPE, json_feed.SUFFIX: json_feed.MEDIA_TYPE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as the page of feeds shows it; `address` is without the suffix of a form."""

    name: str = ""
    title: str
    description: str
    address: str
    count: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    date_modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """What the page of feeds reads of a feed's JSON."""

    title: str
    description: str
    items: tuple[_Entry, ...]


def add_feeds(app: FastAPI, answers: Answers) -> None:
    """The routes of all feeds, and of the page that lists them."""
    for suffix in MEDIA_TYPES:
        app.add_api_route(f"/{ADDRESS}{suffix}", _newest(answers, suffix), include_in_schema=False)
    app.add_api_route("/feeds", _listed(answers), include_in_schema=False)
    app.add_api_route("/feeds/{reader}/{name}", _document(answers), include_in_schema=False)
    app.add_api_route("/feeds/{reader}/{channel}/{name}", _document(answers), include_in_schema=False)


def _newest(answers: Answers, suffix: str) -> Callable[[Request], Response]:
    """A feed must say addresses in full: they are those by which this server was asked."""

    def newest(request: Request) -> Response:
        base = str(request.base_url)
        try:
            manifest = answers.pool.manifest
            body = answers.kept.get(_key(manifest, base, suffix))
            if body is None:
                with answers.pool.reader() as (reader, manifest):
                    feed = new_papers(reader, home_url=base, page_of=lambda key: base + quote(links.paper(key)))
                body = write(feed, own_url=f"{base}{ADDRESS}{suffix}")
                answers.kept.keep(_key(manifest, base, suffix), body)
        except PaperlogError as error:
            return answers.trouble(error, _form_of(suffix))
        return _answer(request, body, suffix, manifest.published_at)

    write = atom.atom_of if suffix == atom.SUFFIX else json_feed.json_feed_of
    return newest


def _key(manifest: Manifest, base: str, suffix: str) -> str:
    """What the feed of the newest papers is kept by, until another snapshot is published."""
    return f"{manifest.digest} {manifest.published_at.isoformat()} {manifest.run_id} {base}{suffix}"


def _document(answers: Answers) -> Callable[..., Response]:
    def document(request: Request, reader: str, name: str, channel: str = CURRENT) -> Response:
        suffix = Path(name).suffix
        try:
            if path := document_of(answers.settings.home, KeptFeed(reader=reader, channel=channel), name):
                with path.open("rb") as file:
                    changed_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                    return _answer(request, file.read(), suffix, changed_at)
        except (FeedError, OSError):
            pass  # whatever was asked for, there is no file of that name that can be read
        return answers.trouble(
            NoSuchPage("There is no such feed; /feeds lists those that there are."), _form_of(suffix)
        )

    return document


def _form_of(suffix: str) -> str:
    """In which form to say that there is no such feed."""
    return JSON if suffix == json_feed.SUFFIX else HTML


def _answer(request: Request, body: bytes, suffix: str, changed_at: datetime) -> Response:
    """A document, or 304 for whoever has it already."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    said = {"ETag": tag, "Last-Modified": http_date(changed_at), **REVALIDATED}
    if _has_it(request, tag, changed_at):
        return Response(status_code=304, headers=said)
    return Response(body, 200, said, MEDIA_TYPES[suffix])


def _has_it(request: Request, tag: str, changed_at: datetime) -> bool:
    """The tag decides where one is given, else the time (RFC 9110, 13.2.2)."""
    if "if-none-match" in request.headers:
        return is_known(request, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed_at.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def _listed(answers: Answers) -> Callable[[], Response]:
    def listed() -> Response:
        home = answers.settings.home
        newest = ListedFeed(
            title="The newest papers",
            description="Papers that digests listed or reviewed last, whoever reads them.",
            address=ADDRESS,
        )
        kept = [_about(home, each) for each in feeds_in(home)]
        page = {"heading": "Feeds", "feeds": [newest, *kept]}
        return answers.own("feeds.html.j2", "feeds", page)

    return listed


def _about(home: Path, feed: KeptFeed) -> ListedFeed:
    path = home / feed.address / f"{CURRENT}{json_feed.SUFFIX}"
    address = f"{feed.address}/{CURRENT}"
    try:
        document = msgspec.json.decode(path.read_bytes(), type=_Document)
    except (OSError, msgspec.MsgspecError):
        said = f"Its file {path.name} cannot be read; the next issue writes it anew."
        return ListedFeed(name=feed.name, title=feed.name, description=said, address=address)
    return ListedFeed(
        name=feed.name,
        title=document.title,
        description=document.description,
        address=address,
        count=len(document.items),
        updated_at=max((each.date_modified for each in document.items), default=None),
    )
