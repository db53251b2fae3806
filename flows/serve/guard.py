"""Who may ask: not by a foreign name, not from a foreign page, not to change something, and not without the token.

A page on the web can make a browser ask a server on its reader's machine, under a name that it controls (DNS
rebinding). Such a request carries that name as its host, so only names of this machine are answered.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

COOKIE = "paperlog"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered: status, what is wrong, and what to do."""

    status: int
    heading: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The token was right: a cookie takes its place, and the address without it is where to go on."""

    location: str
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is known of a request before anything is read: its method, path, query, and headers in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Answers requests by these names of the host; with a token only those that bring it."""

    names: frozenset[str]
    token: str | None = field(default=None, repr=False)

    def judge(self, question: Question) -> Refusal | Entry | None:
        """Why a request is refused, the way on for one that brings the token, or None: it may be answered."""
        if question.method not in {"GET", "HEAD"}:
            said = f"{question.method} is not answered here: these pages are read-only."
            return Refusal(status=405, heading="Read-only", message=said, headers={"Allow": "GET, HEAD"})
        host = host_in(question.headers.get("host", ""))
        if host is None or not self._is_own(host):
            own = "Use the address that `paperlog serve` prints, or name the host with --name."
            said = f"The name in the address is none of this server's. {own}"
            return Refusal(status=421, heading="Unknown host", message=said)
        if not _is_same_origin(question.headers):
            said = "Another page asked for this one. Open the address yourself."
            return Refusal(status=403, heading="Asked from elsewhere", message=said)
        return self._entered(question)

    def _is_own(self, host: str) -> bool:
        return host in self.names or (self.token is not None and _is_address(host))

    def _entered(self, question: Question) -> Refusal | Entry | None:
        if self.token is None:
            return None
        values = parse_qsl(question.query, keep_blank_values=True)
        given = [value for name, value in values if name == "token"]
        if given and _equal(given[-1], self.token):
            rest = urlencode([(name, value) for name, value in values if name != "token"])
            location = f"/{quote(question.path.lstrip('/'))}{f'?{rest}' if rest else ''}"
            return Entry(location=location, cookie=f"{COOKIE}={_proof(self.token)}; HttpOnly; SameSite=Strict; Path=/")
        scheme, _, bearer = question.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _equal(bearer.strip(), self.token):
            return None
        if _equal(_cookie(question.headers.get("cookie", "")), _proof(self.token)):
            return None
        said = (
            "Open the address with the token that `paperlog serve` prints, or send it as `Authorization: Bearer TOKEN`."
        )
        return Refusal(status=401, heading="A token is needed", message=said, headers={"WWW-Authenticate": "Bearer"})


def host_in(text: str) -> str | None:
    """The name or number in a Host header, in lower case; None if there is none, or more than that."""
    try:
        parts = urlsplit(f"//{text}")
        _ = parts.port
    except ValueError:
        return None
    is_plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return (parts.hostname or "").rstrip(".") or None if is_plain else None


def names_of(host: str, more: tuple[str, ...]) -> frozenset[str]:
    """The names by which a server at `host` is asked: those of this machine, and what a person named."""
    given = {each.lower() for each in more}
    if is_loopback(host):
        return LOCAL_NAMES | given | {host}
    return LOCAL_NAMES | given | {host, socket.gethostname().lower(), socket.getfqdn().lower()}


def is_loopback(host: str) -> bool:
    """Whether only this machine can ask a server that listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    """A number cannot be made to lead elsewhere, as a name can."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_same_origin(headers: Mapping[str, str]) -> bool:
    if (origin := headers.get("origin")) is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())


def _proof(token: str) -> str:
    """What the cookie holds: the token itself stays out of the browser's files."""
    return sha256(f"paperlog serve {token}".encode()).hexdigest()


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
