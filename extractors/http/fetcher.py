"""The polite session: asks for one page at a time, obeys the host, returns the page or an error with the reason.

The error's class tells whether a retry may help: TransientFetchError or PermanentFetchError.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from extractors.errors import FetchError, HostClosed, PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds
from extractors.http.connection import Call, NotReachable, PeerOf, peer_address, within
from extractors.http.exchange import Answer, Exchange, redirect_target
from extractors.http.login import is_login
from extractors.http.moments import InMemory
from extractors.http.origin import Origin, addresses_of, is_private, origin_of
from extractors.http.pace import Pace
from extractors.http.refusal import (
    media_type_of,
    refusal_of,
    require_answer,
    require_not_too_often,
    require_page,
    require_xml,
)
from extractors.http.robots import Rules
from extractors.http.waits import Patience
from extractors.landing.files import PAGE_BYTES_MAX
from extractors.landing.landing import ANSWER_TYPE
from extractors.source import PageRequest
from transforms.errors import PaperlogError
from transforms.hosts import Moments, PaceError
from transforms.records import Cause, Page

REDIRECTS_MAX = 5
# Of one list; the longest known, a day of a whole archive, has three.
PARTS_MAX = 50
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Answers to a condition that the host itself gave us and does not understand any more.
_CONDITIONS_REFUSED = frozenset({400, 412, 416, 431})
# What may be sent back: other bytes are refused by libraries or by hosts, and long ones make a request too large.
_SENDABLE = re.compile(r"[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa1-\xff]{0,1022}[\x21-\x7e\xa1-\xff])?")


class Ask(Protocol):
    """Asks one hop."""

    def __call__(self, hop: str, /, *, public_only: bool) -> Answer:
        """Its answer."""


class Fetcher(AbstractContextManager["Fetcher"]):
    """A session with hosts that are asked politely. Threads may share one."""

    def __init__(
        self,
        contact: str,
        *,
        token: str | None = None,
        requests_per_second: float = 1.0,
        moments: Moments | None = None,
        retries: int = 4,
        backoff_seconds: float = 1.0,
        timeouts: tuple[float, float] = (10.0, 30.0),
        bounds: Bounds | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Callable[[str], Sequence[str]] = addresses_of,
        peer_of: PeerOf = peer_address,
    ) -> None:
        """`contact` is part of the User-Agent. `token` goes to the origin of a request's own address and nowhere else.

        `timeouts` are seconds to connect and between two reads; `bounds` limit a request as a whole. All that share
        the `moments` together ask a host no more often than `requests_per_second`; without any, these are the threads
        of this session. `peer_of` is the address to which a socket is connected.
        """
        if re.search(r"[\r\n]", f"{contact}{token or ''}"):
            raise ValueError("contact and token must be single lines")
        if requests_per_second <= 0:
            raise ValueError(f"requests_per_second must be above 0, not {requests_per_second}")
        self._token = token
        self._seconds = (bounds or Bounds()).seconds_max
        self._now = now
        self._resolve = resolve
        self._robots: dict[Origin, Rules] = {}
        self._robots_lock = threading.Lock()
        self._exchange = Exchange(
            contact,
            pace=Pace(1.0 / requests_per_second, moments or InMemory(now=now)),
            patience=Patience(retries=retries, pause=backoff_seconds),
            timeouts=timeouts,
            bounds=bounds or Bounds(),
            now=now,
            peer_of=peer_of,
        )

    def __exit__(self, *error: object) -> None:
        """Close the connections."""
        self._exchange.close()

    def fetch(self, request: PageRequest, known: Page | None = None) -> Page:
        """The page as it is now. With a `known` one the host only confirms an unchanged page (304).

        A page that only says where the list is leads to that one, once and on the same site, as `request.follow` says.
        A list on several pages is kept as one, their bodies one after another, as `request.more` says.
        Whatever a host answers ends as a page or a FetchError; PaceError is trouble of our own.
        """
        before = _usable(known, request)
        try:
            return self._followed(request, before)
        except (PaperlogError, MemoryError):
            raise
        except Exception as error:
            why = f"cannot be used: {type(error).__name__}: {str(error)[:200]}"
            raise PermanentFetchError(request.url, why, cause=Cause.BAD_ANSWER) from error

    def _followed(self, request: PageRequest, before: Page | None) -> Page:
        page = self._fetch(request, before)
        target = request.follow(page) if request.follow else None
        if target is not None:
            _require_same_site(request, target)
            page = self._fetch(replace(request, url=target), None)
        return self._completed(request, page)

    def _completed(self, request: PageRequest, page: Page) -> Page:
        """The page with the other pages of its list. None of them can confirm all of it, so it has no validators."""
        parts = [page]
        while (target := request.more(parts) if request.more else None) is not None:
            if len(parts) == PARTS_MAX:
                raise PermanentFetchError(request.url, f"a list of more than {PARTS_MAX} pages", cause=Cause.BAD_ANSWER)
            _require_same_site(request, target)
            parts.append(self._fetch(replace(request, url=target), None))
        if len(parts) == 1:
            return page
        body = b"".join(each.body for each in parts)
        if len(body) > PAGE_BYTES_MAX:
            why = f"a list of {len(body)} bytes in {len(parts)} pages, at most {PAGE_BYTES_MAX}"
            raise PermanentFetchError(request.url, why, cause=Cause.BAD_ANSWER)
        return replace(
            page,
            fetched_at=parts[-1].fetched_at,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            etag=None,
            last_modified=None,
        )

    def _fetch(self, request: PageRequest, before: Page | None) -> Page:
        conditions = _conditions(before)
        answer = self._get(request.url, conditions, request.statuses)
        if conditions and answer.status in _CONDITIONS_REFUSED:
            answer = self._get(request.url, {}, request.statuses)
        fetched_at = self._now()
        if answer.status == 304 and before is not None and conditions:
            etag = answer.headers.get("ETag", before.etag)
            return replace(before, final_url=answer.url, fetched_at=fetched_at, etag=etag)
        require_not_too_often(answer.url, answer.body)
        refusal = refusal_of(answer.status, answer.url)
        if refusal is not None and (answer.status not in request.statuses or not answer.body):
            raise refusal
        declared = answer.headers.get("Content-Type", "")
        if request.is_answer:
            require_answer(answer.url, answer.body)
        elif request.is_xml:
            require_xml(answer.url, answer.body)
        else:
            require_page(request.url, answer.url, declared, answer.body)
        return Page(
            source=request.source,
            asked_on=request.asked_on,
            url=request.url,
            final_url=answer.url,
            fetched_at=fetched_at,
            media_type=ANSWER_TYPE if request.is_answer else media_type_of(declared, answer.body),
            body=answer.body,
            sha256=hashlib.sha256(answer.body).hexdigest(),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
        )

    def _get(self, url: str, conditions: Mapping[str, str], statuses: Container[int]) -> Answer:
        """The answer at the end of the redirects. Conditions and token go to the first address and origin only."""

        def ask(hop: str, *, public_only: bool) -> Answer:
            rules = self._require_allowed(hop, public_only=public_only)
            headers = {**(conditions if hop == url else {}), **self._authorization(origin_of(url), hop)}
            return self._exchange.ask(
                hop, headers, seconds_between=rules.crawl_delay, public_only=public_only, statuses=statuses
            )

        return self._at_the_end(url, ask, public_only=False)

    def _at_the_end(self, url: str, ask: Ask, *, public_only: bool) -> Answer:
        """Follow redirects by hand: each hop is checked.

        Once a host of the public internet has answered, no hop may reach into a private network, whatever its name
        resolves to.
        """
        first, hop = origin_of(url), url
        for _ in range(REDIRECTS_MAX + 1):
            answer = ask(hop, public_only=public_only)
            if answer.status not in _REDIRECTS:
                return answer
            hop = self._target(first, answer)
            public_only = public_only or answer.is_public
        raise PermanentFetchError(url, f"more than {REDIRECTS_MAX} redirects")

    def _target(self, first: Origin, answer: Answer) -> str:
        """Where a redirect leads: to an address that may be asked, and is no login."""
        url = answer.url
        target = redirect_target(answer)
        origin = origin_of(target)
        if is_login(target, first.host) and not is_login(url, first.host):
            raise PermanentFetchError(url, f"blocked: redirects to a login at {target[:200]!r}", cause=Cause.BLOCKED)
        leaves = origin.host != first.host
        if leaves and self._is_private(origin.host, target) and not self._is_private(first.host, url):
            raise NotReachable(url, f"redirects into a private network: {target[:200]!r}")
        return target

    def _is_private(self, host: str, url: str) -> bool:
        # A resolver can hang as well as a host.
        return within(self._seconds, Call(url), lambda: is_private(host, url, self._resolve))

    def _authorization(self, first: Origin, url: str) -> dict[str, str]:
        origin = origin_of(url)
        if self._token is None or origin != first:
            return {}
        if origin.scheme != "https" and not self._is_private(origin.host, url):
            return {}  # never in clear text over the internet
        return {"Authorization": f"Bearer {self._token}"}

    def require_allowed(self, request: PageRequest) -> None:
        """Ask for the host's robots.txt only. Raises FetchError if there is no answer, or it forbids the page."""
        self._require_allowed(request.url)

    def _require_allowed(self, url: str, *, public_only: bool = False) -> Rules:
        """The rules of the address's host, asked for once a session; they allow the address, else this raises."""
        origin = origin_of(url)
        with self._robots_lock:
            if origin not in self._robots:
                self._robots[origin] = self._rules_at(f"{origin}/robots.txt", public_only=public_only)
            rules = self._robots[origin]
        if not rules.allows(url):
            raise PermanentFetchError(url, "forbidden by robots.txt", cause=Cause.FORBIDDEN_BY_ROBOTS)
        return rules

    def _rules_at(self, url: str, *, public_only: bool) -> Rules:
        """Those of one robots.txt: none if it answers 4xx. Whatever else is wrong with it, nothing is asked for now.

        It is asked for without token: it may be that of a host to which a page redirects.
        """
        try:
            answer = self._at_the_end(url, partial(self._exchange.ask, headers={}), public_only=public_only)
            return _rules_in(answer, url)
        except (HostClosed, NotReachable, PaceError, MemoryError):
            raise
        except FetchError as error:
            if isinstance(error, TransientFetchError) and error.url == url:
                raise
            if error.cause is Cause.BLOCKED:  # a login before the rules says no more than 401 would
                return Rules(b"")
            why = error.why if error.url == url else error
            raise TransientFetchError(url, f"robots.txt cannot be read: {why}", cause=error.cause) from error
        except Exception as error:
            raise TransientFetchError(url, f"robots.txt cannot be read: {error}", cause=Cause.BAD_ANSWER) from error


def _require_same_site(request: PageRequest, target: str) -> None:
    if origin_of(target) != origin_of(request.url):
        raise PermanentFetchError(request.url, f"leads to another site: {target}")


def _rules_in(answer: Answer, url: str) -> Rules:
    refusal = refusal_of(answer.status, url)
    if isinstance(refusal, TransientFetchError):
        raise refusal
    return Rules(answer.body)


def _usable(known: Page | None, request: PageRequest) -> Page | None:
    """The known page if the host could confirm it: same address without redirect, and a validator."""
    if known is None or not (known.etag or known.last_modified):
        return None
    if (known.source, known.asked_on) != (request.source, request.asked_on):
        return None
    return known if known.url == known.final_url == request.url else None


def _conditions(before: Page | None) -> dict[str, str]:
    """What the host said of its page, as conditions; what cannot be sent back is left out."""
    names = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified} if before else {}
    return {name: value for name, value in names.items() if value and _SENDABLE.fullmatch(value)}
