"""One address, asked until it has answered: in its turn, within its time, and again while the trouble may pass."""

from __future__ import annotations

import http.client
import importlib.metadata
import ssl
import time
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import requote_uri
from urllib3.exceptions import HTTPError

from extractors.errors import FetchError, PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds, body_of
from extractors.http.connection import Call, PeerOf, WatchedAdapter, within
from extractors.http.origin import is_public, origin_of
from extractors.http.pace import Pace, tell_wait
from extractors.http.waits import TRANSIENT_STATUSES, WAITED_SECONDS_MAX, Patience, seconds_to_wait
from transforms.records import Cause

AGENT = "paperlog"
LOCATION_MAX = 4096
WITH_BODY = frozenset({200})
CONNECTIONS_MAX = 16  # PAPERLOG_FETCHES_AT_ONCE may be as high


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address answered; the body is read of a 200 alone, unless more is asked for.

    `peer` is None where a proxy is between.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    peer: str | None

    @property
    def is_public(self) -> bool:
        """Whether a host of the public internet answered, as far as one can see."""
        return self.peer is not None and is_public(self.peer)


class Exchange:
    """Asks hosts over a session of connections that are used again. Threads may share one."""

    def __init__(
        self,
        contact: str,
        *,
        pace: Pace,
        patience: Patience,
        timeouts: tuple[float, float],
        bounds: Bounds,
        now: Callable[[], datetime],
        peer_of: PeerOf,
    ) -> None:
        """What the arguments mean says the Fetcher."""
        self._pace = pace
        self._patience = patience
        self._timeouts = timeouts
        self._bounds = bounds
        self._now = now
        self._peer_of = peer_of
        self._public: set[str] = set()
        self._session = _session(contact)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        self._pace.disconnect()

    def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        seconds_between: float = 0.0,
        public_only: bool = False,
        statuses: Container[int] = WITH_BODY,
    ) -> Answer:
        """The answer of one address, the last one where it answers 429 or 5xx each time; a redirect is an answer.

        The body is read under one of `statuses`.
        With `public_only`, and for a host that was seen in the public internet, nothing is sent into a private network.
        Raises FetchError: HostClosed if the host wants no request for longer than one would wait.
        """
        host, patience = str(origin_of(url)), replace(self._patience)
        while True:
            self._pace.wait(host, url, seconds_between)
            try:
                answer = self._ask_once(url, headers, public_only=public_only, statuses=statuses)
            except TransientFetchError as error:
                if (pause := patience.after(error)) is None:
                    raise
                why = str(error)
            else:
                is_told = self._obey(host, answer)
                if answer.status not in TRANSIENT_STATUSES or (pause := patience.next()) is None:
                    return answer
                why, pause = f"{url}: answered {answer.status}", 0.0 if is_told else pause
            tell_wait(f"{why}: waiting to ask again", pause)
            time.sleep(pause)

    def _obey(self, host: str, answer: Answer) -> bool:
        """Keep to what the host says about its next request, here and in other processes; whether it says anything."""
        seconds = seconds_to_wait(answer.status, answer.headers, self._now())
        if seconds is None:
            return False
        if seconds <= WAITED_SECONDS_MAX:
            self._pace.postpone(host, seconds, why=f"answered {answer.status}")
            return True
        self._pace.close(host, seconds)
        if answer.status in TRANSIENT_STATUSES:
            self._pace.require_open(host, answer.url)
        return True

    def _ask_once(self, url: str, headers: Mapping[str, str], *, public_only: bool, statuses: Container[int]) -> Answer:
        origin = origin_of(url)
        is_open_secret = "Authorization" in headers and origin.scheme != "https"

        def forbids(peer: str) -> str | None:
            if is_public(peer):
                return "the token is not sent in clear text over the internet" if is_open_secret else None
            is_inside = public_only or origin.host in self._public
            return f"leads into a private network, to {peer}" if is_inside else None

        call = Call(url, forbids, self._peer_of)
        answer = within(self._bounds.seconds_max, call, lambda: self._answer(url, headers, call, statuses))
        if answer.is_public:
            self._public.add(origin.host)
        return answer

    def _answer(self, url: str, headers: Mapping[str, str], call: Call, statuses: Container[int]) -> Answer:
        try:
            response = self._session.get(
                url, headers=dict(headers), stream=True, allow_redirects=False, timeout=self._timeouts
            )
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise _no_answer(url, error) from error
        with closing(response):
            body = body_of(response, url, self._bounds) if response.status_code in statuses else b""
        return Answer(status=response.status_code, url=url, headers=response.headers, body=body, peer=call.peer)


def redirect_target(answer: Answer) -> str:
    """The address to which an answer redirects, as one that can be asked and printed."""
    location = answer.headers.get("Location", "")
    if not location:
        raise PermanentFetchError(answer.url, f"answered {answer.status} without an address")
    if len(location) > LOCATION_MAX:
        raise PermanentFetchError(answer.url, f"redirects to an address of {len(location)} characters")
    try:
        # http.client reads headers as latin-1, sites write them as UTF-8.
        parts = urlsplit(urljoin(answer.url, location.encode("latin-1").decode("utf-8")))
    except ValueError as error:
        raise PermanentFetchError(answer.url, f"redirects to {location[:100]!r}, no address: {error}") from error
    if not parts.netloc.isprintable():
        raise PermanentFetchError(answer.url, f"redirects to {location[:100]!r}, no address")
    return str(parts._replace(path=requote_uri(parts.path), query=requote_uri(parts.query), fragment="").geturl())


class _Session(requests.Session):
    def get_redirect_target(self, _: requests.Response) -> None:
        """None: requests prepares even those redirects that it is told not to follow, and breaks on strange ones."""


def _session(contact: str) -> requests.Session:
    """A session without cookies (the site redirects by them) and without credentials from a netrc file."""
    session = _Session()
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": f"{AGENT}/{_version()} (+{contact})",
            "Accept": "text/html,application/xhtml+xml,text/plain,text/markdown,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",  # inflated here piece by piece; libraries inflate a bomb before they look
        }
    )
    session.auth = lambda request: request  # else requests reads a netrc file
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = WatchedAdapter(pool_maxsize=CONNECTIONS_MAX)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _version() -> str:
    try:
        return importlib.metadata.version("paperlog")
    except importlib.metadata.PackageNotFoundError:
        return "uninstalled"


def _no_answer(url: str, error: Exception) -> FetchError:
    """What it means that a request ended without an answer."""
    causes = tuple(reasons_of(error))
    reason = f"{type(causes[-1]).__name__}: {str(causes[-1])[:300]}"
    if any(isinstance(each, ssl.SSLCertVerificationError | requests.exceptions.InvalidURL) for each in causes):
        return PermanentFetchError(url, f"cannot be asked: {reason}")
    if any(isinstance(each, http.client.HTTPException) and not isinstance(each, _BROKEN_OFF) for each in causes):
        return TransientFetchError(url, f"no answer that can be read: {reason}", cause=Cause.BAD_ANSWER)
    return TransientFetchError(url, f"no answer: {reason}", cause=Cause.HOST_DOWN)


_BROKEN_OFF = (http.client.RemoteDisconnected, http.client.IncompleteRead)


def reasons_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those inside it, outermost first: libraries wrap them as argument, as reason, or as cause."""
    while error is not None:
        yield error
        inner = [getattr(error, "reason", None), *reversed(error.args), error.__cause__]
        error = next((each for each in inner if isinstance(each, BaseException)), None)
