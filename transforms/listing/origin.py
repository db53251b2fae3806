"""Whether a page in an archive comes from its source's site: an archive of a crawler holds pages of any host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from transforms.records import Finding, Page, TimeFrom

# They keep pages of other sites, mostly with the address at the end of their own.
_KEEPERS = re.compile(r"(web|wayback|www)?\.?(archive\.(org|ph|today|is|li|md|vn|fo)|archive-it\.org|arquivo\.pt)")
_HERE = re.compile(r"localhost|.+\.localhost|127(\.\d+){3}|::1|0\.0\.0\.0")
_INNER = re.compile(r"https?:/{1,2}[^/].*", re.IGNORECASE | re.DOTALL)


def check_origin(page: Page, site: str | None) -> Iterator[Finding]:
    """An error for an adopted page whose own address is on another host than `site`; a bare file has no host."""
    own = _host(site or "")
    if page.time_from is TimeFrom.CLOCK or own is None or page.url.startswith("file:"):
        return
    host = _kept_host(page.url)
    if host is None or not (host == own or host.endswith(f".{own}") or _HERE.fullmatch(host)):
        expected = f"a page of {own}; if it is a true copy, save it as an HTML file of its own and adopt that"
        yield Finding.error("other_host", f"a page of {host or 'no host'}", expected, page.final_url)


def _kept_host(url: str) -> str | None:
    """The host of a page; of one in an archive or behind a proxy on this machine that of the page in it."""
    host = _host(url)
    if host is None or not (_KEEPERS.fullmatch(host) or _HERE.fullmatch(host)):
        return host
    inner = _INNER.search(url, len("https://"))
    return (_host(inner[0].replace(":/", "://", 1).replace(":///", "://", 1)) if inner else None) or "localhost"


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.rstrip(".").removeprefix("www.") if host else None
