"""The polite session: asks for one page at a time, obeys the host, returns the page or an error with the reason.

The error's class tells whether a retry may help: TransientFetchError or PermanentFetchError.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urljoin

import requests
from protego import Protego
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from extractors.errors import LandingError, PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds, body_of, refusal_of, require_page
from extractors.http.origin import Origin, addresses_of, is_private, origin_of
from extractors.http.pace import Pace, polite_retry, seconds_until_reset
from extractors.landing.landing import Kept, Landing
from extractors.source import PageRequest
from transforms.records import Cause, Page

REDIRECTS_MAX = 5
CONNECTIONS_MAX = 16  # PAPERLOG_FETCHES_AT_ONCE may be as high
CUT_BODIES_MAX = 2
ROBOTS_BYTES_MAX = 512 * 1024
# A robots.txt may ask for any delay; a longer one would stop a backfill for good.
CRAWL_DELAY_SECONDS_MAX = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "paperlog"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What came back at the end of the redirects; only the body of a 200 is read."""

    status: int
    final_url: str
    headers: Mapping[str, str]
    body: bytes


class Fetcher(AbstractContextManager["Fetcher"]):
    """A session with hosts that are asked politely. Threads may share one."""

    def __init__(
        self,
        contact: str,
        *,
        token: str | None = None,
        requests_per_second: float = 1.0,
        pace_folder: Path | None = None,
        retries: int = 4,
        backoff_seconds: float = 1.0,
        timeouts: tuple[float, float] = (10.0, 30.0),
        bounds: Bounds | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Callable[[str], Sequence[str]] = addresses_of,
    ) -> None:
        """`contact` is part of the User-Agent. `token` goes to the origin of a request's own address and nowhere else.

        `timeouts` are seconds to connect and between two reads; `bounds` limit a body as a whole. Processes that name
        the same `pace_folder` together ask a host no more often than `requests_per_second`.
        """
        if re.search(r"[\r\n]", f"{contact}{token or ''}"):
            raise ValueError("contact and token must be single lines")
        if requests_per_second <= 0:
            raise ValueError(f"requests_per_second must be above 0, not {requests_per_second}")
        self._token = token
        self._timeouts = timeouts
        self._bounds = bounds or Bounds()
        self._now = now
        self._resolve = resolve
        self._pace = Pace(1.0 / requests_per_second, folder=pace_folder)
        self._robots: dict[Origin, Protego] = {}
        self._robots_lock = threading.Lock()
        self._session = _session(contact, retries, backoff_seconds, self._pace)

    def __exit__(self, *error: object) -> None:
        """Close the connections."""
        self._session.close()

    def fetch(self, request: PageRequest, known: Kept | None = None) -> Page:
        """The page as it is now. With a `known` reading the host only confirms an unchanged page (304).

        A page that only says where the list is leads to that one, once and on the same site, as `request.follow` says.
        """
        page = self._fetch(request, known)
        target = request.follow(page) if request.follow else None
        if target is None:
            return page
        if origin_of(target) != origin_of(request.url):
            raise PermanentFetchError(request.url, f"leads to another site: {target}")
        return self._fetch(replace(request, url=target), None)

    def _fetch(self, request: PageRequest, known: Kept | None) -> Page:
        before = _usable(known, request)
        answer = self._get_whole(request.url, _conditions(before))
        fetched_at = self._now()
        if answer.status == 304 and before is not None:
            etag = answer.headers.get("ETag", before.etag)
            return replace(before, final_url=answer.final_url, fetched_at=fetched_at, etag=etag)
        refusal = refusal_of(answer.status, answer.final_url)
        if refusal is not None:
            raise refusal
        media_type = answer.headers.get("Content-Type", "")
        require_page(answer.final_url, media_type, answer.body)
        return Page(
            source=request.source,
            asked_on=request.asked_on,
            url=request.url,
            final_url=answer.final_url,
            fetched_at=fetched_at,
            media_type=media_type,
            body=answer.body,
            sha256=hashlib.sha256(answer.body).hexdigest(),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
        )

    def _get_whole(self, url: str, conditions: Mapping[str, str]) -> _Answer:
        """Ask again if the body broke off: urllib3's retries end once the headers have come."""
        for _ in range(CUT_BODIES_MAX):
            try:
                return self._get(url, conditions)
            except TransientFetchError as error:
                if error.cause is not Cause.CUT_OFF:
                    raise
        return self._get(url, conditions)

    def _get(self, url: str, conditions: Mapping[str, str], *, is_robots: bool = False) -> _Answer:
        """Follow redirects by hand: each hop is checked, paced, and gets the token only at the first origin.

        A robots.txt is asked for without token: it may be that of a host to which a page redirects.
        """
        first = origin_of(url)
        hop, extra = url, conditions
        for _ in range(REDIRECTS_MAX + 1):
            if not is_robots:
                self._require_allowed(hop)
                extra = {**extra, **self._authorization(first, hop)}
            with closing(self._ask(hop, extra)) as response:
                if response.status_code not in _REDIRECTS:
                    body = body_of(response, hop, self._bounds) if response.status_code == 200 else b""
                    return _Answer(status=response.status_code, final_url=hop, headers=response.headers, body=body)
                hop, extra = self._target(first, hop, response), {}
        raise PermanentFetchError(url, f"more than {REDIRECTS_MAX} redirects")

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        origin = origin_of(url)
        self._pace.wait(str(origin), self._crawl_delay(origin))
        try:
            response = self._session.get(
                url, headers=dict(headers), stream=True, allow_redirects=False, timeout=self._timeouts
            )
        except (requests.exceptions.SSLError, requests.exceptions.InvalidURL) as error:
            raise PermanentFetchError(url, f"cannot be asked: {_reason(error)}") from error
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise TransientFetchError(url, f"no answer: {_reason(error)}", cause=Cause.HOST_DOWN) from error
        pause = seconds_until_reset(response.headers)
        if pause is not None:
            self._pace.postpone(str(origin), pause)
        return response

    def _target(self, first: Origin, url: str, response: requests.Response) -> str:
        location = response.headers.get("Location", "")
        if not location:
            raise PermanentFetchError(url, f"answered {response.status_code} without an address")
        target = urljoin(url, location)
        origin = origin_of(target)
        leaves = origin.host != first.host
        if leaves and is_private(origin.host, target, self._resolve) and not is_private(first.host, url, self._resolve):
            raise PermanentFetchError(url, f"redirects into a private network: {origin}")
        return target

    def _authorization(self, first: Origin, url: str) -> dict[str, str]:
        origin = origin_of(url)
        if self._token is None or origin != first:
            return {}
        if origin.scheme != "https" and not is_private(origin.host, url, self._resolve):
            return {}  # never in clear text over the internet
        return {"Authorization": f"Bearer {self._token}"}

    def require_allowed(self, request: PageRequest) -> None:
        """Ask for the host's robots.txt only. Raises FetchError if there is no answer, or it forbids the page."""
        self._require_allowed(request.url)

    def _require_allowed(self, url: str) -> None:
        origin = origin_of(url)
        with self._robots_lock:
            if origin not in self._robots:
                self._robots[origin] = self._robots_of(f"{origin}/robots.txt")
        if not self._robots[origin].can_fetch(url, _AGENT):
            raise PermanentFetchError(url, "forbidden by robots.txt", cause=Cause.FORBIDDEN_BY_ROBOTS)

    def _robots_of(self, url: str) -> Protego:
        """The host's rules: none if it answers 4xx; TransientFetchError if they cannot be read, so nothing is asked."""
        try:
            answer = self._get(url, {}, is_robots=True)
        except PermanentFetchError as error:
            raise TransientFetchError(url, f"robots.txt cannot be read: {error.why}", cause=error.cause) from error
        refusal = refusal_of(answer.status, url)
        if isinstance(refusal, TransientFetchError):
            raise refusal
        # Python's own robotparser reads wildcards wrongly.
        return Protego.parse(answer.body[:ROBOTS_BYTES_MAX].decode("utf-8", errors="replace"))

    def _crawl_delay(self, origin: Origin) -> float:
        rules = self._robots.get(origin)
        delay = rules.crawl_delay(_AGENT) if rules is not None else None
        return min(delay or 0.0, CRAWL_DELAY_SECONDS_MAX)


def _session(contact: str, retries: int, backoff_seconds: float, pace: Pace) -> requests.Session:
    """A session without cookies (the site redirects by them) and without credentials from a netrc file."""
    session = requests.Session()
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": f"{_AGENT}/{_version()} (+{contact})",
            "Accept": "text/html,application/xhtml+xml,text/plain,text/markdown,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",  # inflated here piece by piece; libraries inflate a bomb before they look
        }
    )
    session.auth = lambda request: request  # else requests reads a netrc file
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(max_retries=polite_retry(retries, backoff_seconds, pace), pool_maxsize=CONNECTIONS_MAX)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _version() -> str:
    try:
        return importlib.metadata.version("paperlog")
    except importlib.metadata.PackageNotFoundError:
        return "uninstalled"


def _usable(known: Kept | None, request: PageRequest) -> Page | None:
    """The known page if the host could confirm it: same address without redirect, a validator, an intact body."""
    if known is None or not (known.etag or known.last_modified):
        return None
    if (known.source, known.asked_on) != (request.source, request.asked_on):
        return None
    if not known.url == known.final_url == request.url:
        return None
    try:
        return Landing(Path(known.directory)).load(known)
    except LandingError:
        return None  # damaged since it was kept: the whole page is fetched, and replaces it


def _conditions(before: Page | None) -> dict[str, str]:
    names = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified} if before else {}
    return {name: value for name, value in names.items() if value}


def _reason(error: Exception) -> str:
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return f"{type(cause or error).__name__}: {cause or error}"
