"""The host of an address, and whether an IP address is in a private network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.errors import PermanentFetchError, TransientFetchError
from transforms.records import Cause

_PORTS = {"http": 80, "https": 443}
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
# Mapped, translated by SIIT, translated by NAT64: the last four bytes are an IPv4 address.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host in lower case, and port: what must be equal for a token to be sent."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(url: str) -> Origin:
    """The address's origin; PermanentFetchError for anything but plain http and https without credentials."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise PermanentFetchError(_without_credentials(url), f"no address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise PermanentFetchError(_without_credentials(url), "an address must not hold credentials")
    if scheme not in _PORTS or not host:
        raise PermanentFetchError(url, "not an http or https address")
    return Origin(scheme, host.lower(), port or _PORTS[scheme])


def addresses_of(host: str) -> Sequence[str]:
    """The IP addresses behind a name; OSError if there are none."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def is_private(host: str, url: str, resolve: Callable[[str], Sequence[str]]) -> bool:
    """Whether any of the host's addresses is loopback, link-local, private or otherwise not of the public internet."""
    try:
        addresses = resolve(host)
    except OSError as error:
        raise TransientFetchError(url, f"the host {host} cannot be resolved: {error}", cause=Cause.HOST_DOWN) from error
    return any(not is_public(address) for address in addresses)


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, together with each IPv4 address that it carries inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return _is_global(ip)
    carried = _carried_by(ip)
    # Only 2000::/3 is given out; of the rest, what carries a public IPv4 address leads there.
    is_given_out = ip in _GIVEN_OUT and _is_global(ip)
    return (is_given_out or any(ip in each for each in _CARRIERS)) and all(map(_is_global, carried))


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _carried_by(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses in it: mapped, translated (NAT64), 6to4, Teredo's two, and ISATAP's."""
    found = [*(ip.teredo or ()), *([ip.sixtofour] if ip.sixtofour else [])]
    is_isatap = ip.packed[8:12] in {b"\0\0\x5e\xfe", b"\2\0\x5e\xfe"}
    if is_isatap or any(ip in each for each in _CARRIERS):
        found.append(ipaddress.IPv4Address(ip.packed[12:]))
    return found


def _without_credentials(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"
