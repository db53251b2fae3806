"""The sitemap (sitemaps.org), in parts where it would be too long for one file, and what robots may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

PAGES_MAX = 40_000
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_files(base_url: str, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Files of a sitemap for these pages, sorted; `base_url` has no slash at its end."""
    addresses = [_address(base_url, each) for each in sorted(paths)]
    parts = [addresses[start : start + PAGES_MAX] for start in range(0, len(addresses), PAGES_MAX)] or [[]]
    if len(parts) == 1:
        yield "sitemap.xml", _document("urlset", "url", parts[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", "url", part)
    yield "sitemap.xml", _document("sitemapindex", "sitemap", [_address(base_url, each) for each in names])


def robots_file(base_url: str) -> bytes | None:
    """What robots may read: all of it; None below a path, where no robot looks for it."""
    if urlsplit(base_url).path.strip("/"):
        return None
    return f"User-agent: *\nAllow: /\nSitemap: {base_url}/sitemap.xml\n".encode()


def _address(base_url: str, path: str) -> str:
    """A start page has the address of its folder."""
    return f"{base_url}/{quote('' if path == 'index.html' else path)}"


def _document(root: str, each_name: str, addresses: Sequence[str]) -> bytes:
    rows = "".join(f"<{each_name}><loc>{escape(each)}</loc></{each_name}>\n" for each in addresses)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{_SPACE}">\n{rows}</{root}>\n'.encode()
