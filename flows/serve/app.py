"""The application: a route for each kind of page and form, the style sheet, the list of routes, a guard in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.pages import assets
from flows.pages.asked import NoSuchPage
from flows.pages.registry import KINDS, Kind
from flows.serve.answers import CSV, HTML, JSON, Answers, type_of
from flows.serve.feeds import add_feeds
from flows.serve.guard import HEADERS, Entry, Guard, Question

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_SCHEMAS = "#/components/schemas/{name}"
TITLE = "Paperlog"
ABOUT = (
    "Digests of machine-learning papers, read-only. Each page is HTML without a suffix, JSON with .json, CSV with .csv."
)


def app_of(answers: Answers, guard: Guard) -> ASGIApp:
    """The application that answers what the guard lets pass."""
    app = FastAPI(title=TITLE, summary=ABOUT, version=assets.code_version(), docs_url=None, redoc_url=None)
    for kind in KINDS:
        _add(app, answers, kind)
    app.add_api_route("/assets/{name}", _asset(answers), include_in_schema=False)
    app.add_api_route("/api", _routes(app, answers), include_in_schema=False)
    add_feeds(app, answers)
    app.add_exception_handler(HTTPException, _unknown(answers))
    app.add_exception_handler(Exception, _broken(answers))
    _describe(app)
    return Guarded(app, answers, guard)


class Guarded:
    """The guard in front of an application, which also answers HEAD, and adds the headers that keep pages apart."""

    def __init__(self, app: ASGIApp, answers: Answers, guard: Guard) -> None:
        self._app, self._answers, self._guard = app, answers, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), text.encode()) for name, text in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *own]}
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        app = self._refusing(scope) or self._app
        await app({**scope, "method": "GET"} if is_head else scope, receive, send_guarded)

    def _refusing(self, scope: Scope) -> ASGIApp | None:
        judged = self._guard.judge(question_of(scope))
        if judged is None:
            return None
        if isinstance(judged, Entry):
            return Response(status_code=303, headers={"Location": judged.location, "Set-Cookie": judged.cookie})
        return self._answers.failed(judged.status, judged.heading, judged.message, headers=judged.headers)


def question_of(scope: Scope) -> Question:
    """What the guard looks at."""
    return Question(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]},
    )


def _add(app: FastAPI, answers: Answers, kind: Kind) -> None:
    """The routes of a kind, those with longer suffixes first: a name in the address takes any sign but a slash."""
    for suffix in (*kind.forms, JSON, *([CSV] if kind.rows else []), HTML):
        app.add_api_route(
            f"/{kind.pattern or ('start' if suffix else '')}{suffix}",
            _endpoint(answers, kind, suffix),
            name=f"{kind.name}{suffix or '.html'}",
            summary=kind.meaning,
            tags=[kind.name],
            response_class=Response,
            responses={200: {"content": {type_of(kind, suffix).partition(";")[0]: _schema(kind, suffix)}}},
            openapi_extra={"parameters": _parameters(kind)},
        )


def _endpoint(answers: Answers, kind: Kind, suffix: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return answers.page(request, kind, suffix)

    return endpoint


def _asset(answers: Answers) -> Callable[[str], Response]:
    def asset(name: str) -> Response:
        found = assets.assets().get(name)
        if found is None:
            return answers.trouble(NoSuchPage("There is no such file."))
        return Response(found.body, 200, _FOR_EVER, found.media_type)

    return asset


def _routes(app: FastAPI, answers: Answers) -> Callable[[], Response]:
    """The page that lists the routes, from the schema itself: nothing is fetched from elsewhere."""

    def routes() -> Response:
        suffixes = (JSON, CSV, *(suffix for kind in KINDS for suffix in kind.forms))
        page = {"heading": "API", "about": ABOUT, "paths": app.openapi()["paths"], "suffixes": suffixes}
        return answers.own("api.html.j2", "api", page)

    return routes


def _unknown(answers: Answers) -> Callable[[Request, Exception], Response]:
    def unknown(request: Request, _error: Exception) -> Response:
        return answers.failed(404, "Nothing at this address", "There is no such page.", _suffix(request))

    return unknown


def _broken(answers: Answers) -> Callable[[Request, Exception], Response]:
    def broken(request: Request, _error: Exception) -> Response:
        said = "This is a fault of the program. What the server printed says which."
        return answers.failed(500, "This page could not be made", said, _suffix(request))

    return broken


def _suffix(request: Request) -> str:
    return next((each for each in (JSON, CSV) if request.url.path.endswith(each)), HTML)


def _parameters(kind: Kind) -> list[dict[str, object]]:
    text = {"type": "string"}
    path = [{"name": name, "in": "path", "required": True, "schema": text} for name in kind.path_values]
    query: list[dict[str, object]] = [
        {"name": each.name, "in": "query", "description": each.meaning, "schema": text, "example": each.example}
        for each in kind.query
    ]
    return [*path, *query]


def _schema(kind: Kind, suffix: str) -> Mapping[str, object]:
    return {"schema": {"$ref": _SCHEMAS.format(name=kind.record.__name__)} if suffix == JSON else {"type": "string"}}


def _describe(app: FastAPI) -> None:
    """Add the records to the schema: FastAPI knows models of Pydantic only."""
    described = app.openapi()
    _, schemas = msgspec.json.schema_components([each.record for each in KINDS], ref_template=_SCHEMAS)
    described.setdefault("components", {})["schemas"] = schemas
