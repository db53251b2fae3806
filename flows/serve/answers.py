"""How a page, or the reason why there is none, becomes an answer: its form, its ETag, and 304 where nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.feeds.kept import feeds_in
from flows.pages import assets, forms
from flows.pages.asked import Asked, MovedPage, NoSuchPage, WrongQuestion
from flows.pages.links import ServedLinks
from flows.pages.registry import Kind
from flows.serve.kept import KeptAnswers
from flows.settings import Settings
from transforms.errors import PaperlogError
from warehouse import Manifest, QueryTooSlowError, ReaderPool, WarehouseBusyError

HTML, JSON, CSV = "", ".json", ".csv"
TYPES = {
    HTML: "text/html; charset=utf-8",
    JSON: "application/json",
    CSV: "text/csv; charset=utf-8",
}
# Looked at again each time: a snapshot may have been published.
REVALIDATED = {"Cache-Control": "private, no-cache"}
_NOT_KEPT = {"Cache-Control": "no-store"}
_RETRY_SECONDS = 5


class Answers:
    """Answers questions from the published snapshot of one home."""

    def __init__(self, settings: Settings, pool: ReaderPool) -> None:
        self.settings, self.pool, self.kept = settings, pool, KeptAnswers()
        self.link = ServedLinks(assets.code_version())

    def page(self, request: Request, kind: Kind, suffix: str) -> Response:
        """A page in one of its forms."""
        try:
            return self._page(request, kind, suffix)
        except MovedPage as moved:
            return RedirectResponse(
                self.link.to(moved.address, suffix=suffix), status_code=HTTPStatus.PERMANENT_REDIRECT
            )
        except PaperlogError as error:
            return self.trouble(error, suffix)

    def trouble(self, error: PaperlogError, suffix: str = HTML) -> Response:
        """Why there is no answer, in the form that was asked for."""
        if isinstance(error, NoSuchPage):
            return self.failed(404, "Nothing at this address", str(error), suffix)
        if isinstance(error, WrongQuestion):
            return self.failed(400, "This cannot be asked", str(error), suffix)
        if isinstance(error, WarehouseBusyError | QueryTooSlowError):
            wait = {"Retry-After": str(_RETRY_SECONDS)}
            return self.failed(503, "Too much at once", f"{error}. Try again, or ask for less.", suffix, wait)
        return self.failed(503, "The snapshot cannot be read", f"{error}.", suffix)

    def failed(
        self, status: int, heading: str, message: str, suffix: str = HTML, headers: Mapping[str, str] | None = None
    ) -> Response:
        """An answer that is no page: what is wrong, and what to do."""
        if suffix == HTML:
            page = {"heading": heading, "message": message, "status": status}
            return self.own("trouble.html.j2", "", page, status, {**_NOT_KEPT, **(headers or {})})
        body = msgspec.json.encode({"status": status, "error": f"{heading}: {message}"}).decode() + "\n"
        return Response(body, status, {**_NOT_KEPT, **(headers or {})}, TYPES[JSON])

    def own(
        self,
        template: str,
        address: str,
        page: Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A page that only the server has, and that is of no kind."""
        about: dict[str, Any] = {"kind": None, "manifest": None, "is_served": True}
        feeds = feeds_in(self.settings.home)
        body = forms.rendered(template, page=page, address=address, link=self.link, feeds=feeds, **about)
        return Response(body, status, headers, TYPES[HTML])

    def _page(self, request: Request, kind: Kind, suffix: str) -> Response:
        manifest = self.pool.manifest
        tag = self._tag(manifest, request)
        if is_known(request, tag):
            return Response(status_code=304, headers={"ETag": tag, **REVALIDATED})
        body = self.kept.get(tag)
        if body is None:
            manifest, body = self._made(kind, suffix, values_of(request, kind))
            tag = self._tag(manifest, request)  # another snapshot may have been published meanwhile
            self.kept.keep(tag, body)
        headers = {"ETag": tag, "Last-Modified": http_date(manifest.published_at), **REVALIDATED}
        return Response(body, 200, headers, type_of(kind, suffix))

    def _made(self, kind: Kind, suffix: str, values: Mapping[str, str]) -> tuple[Manifest, bytes]:
        """The page as it is made now, and what the snapshot holds of which it is."""
        with self.pool.reader() as (reader, manifest):
            page = kind.read(reader, Asked(settings=self.settings, values=values))
        return manifest, self._written(kind, page, suffix, values, manifest).encode()

    def _written(self, kind: Kind, page: Any, suffix: str, values: Mapping[str, str], manifest: Manifest) -> str:
        if suffix == JSON:
            return forms.json_of(page)
        if suffix == CSV:
            return forms.csv_of(kind, page)
        if suffix in kind.forms:
            return kind.forms[suffix].written(page)
        query = {each.name: values[each.name] for each in kind.query if values.get(each.name)}
        return forms.html_of(
            kind,
            page,
            address=kind.address(values),
            link=self.link,
            manifest=manifest,
            query=query,
            feeds=feeds_in(self.settings.home),
        )

    def _tag(self, manifest: Manifest, request: Request) -> str:
        """Another one for another snapshot, release, address or day: what is missing depends on the day, too.

        A page leads to the feeds that there are.
        """
        parts = (
            [each.address for each in feeds_in(self.settings.home)],
            manifest.digest,
            manifest.published_at.isoformat(),
            manifest.run_id,
            assets.code_version(),
            datetime.now(UTC).date().isoformat(),
            request.url.path,
            request.url.query,
        )
        return f'"{sha256(msgspec.json.encode(parts)).hexdigest()[:32]}"'


def type_of(kind: Kind, suffix: str) -> str:
    """The media type of a form."""
    return kind.forms[suffix].media_type if suffix in kind.forms else TYPES[suffix]


def values_of(request: Request, kind: Kind) -> Mapping[str, str]:
    """What the address and its query say. Raises WrongQuestion for what this kind of page cannot be asked."""
    values = {**request.query_params, **request.path_params}
    if strange := sorted(values.keys() - {*kind.path_values, *(each.name for each in kind.query)}):
        raise WrongQuestion(f"{strange[0]!r} is nothing that this page can be asked; {_allowed(kind)}")
    return values


def is_known(request: Request, tag: str) -> bool:
    """Whether the asker has this answer already."""
    return tag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(","))


def _allowed(kind: Kind) -> str:
    names = ", ".join(each.name for each in kind.query)
    return f"there is {names}" if names else "it takes nothing"


def http_date(moment: datetime) -> str:
    """An instant as headers say it."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
