"""The host of an address, and whether it is in a private network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors.errors import PermanentFetchError, TransientFetchError
from transforms.records import Cause

_PORTS = {"http": 80, "https": 443}


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
    except (OSError, UnicodeError) as error:
        raise TransientFetchError(url, f"the host {host} cannot be resolved: {error}", cause=Cause.HOST_DOWN) from error
    return any(not _is_public(address) for address in addresses)


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast


def _without_credentials(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"
