"""A site written into a folder, and what is in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from flows.cli.progress import NoProgress
from flows.settings import from_environment
from flows.site.folder import MANIFEST, Changes
from flows.site.write import Site, write_site


def site_of(home: Path, root: Path, site: Site | None = None) -> Changes:
    """Write the site of a home into a folder."""
    settings = from_environment({"PAPERLOG_HOME": str(home)})
    return write_site(settings, root, site or Site(), NoProgress())


def files_in(root: Path) -> Mapping[str, bytes]:
    """All files but the manifest, by path."""
    found = {each.relative_to(root).as_posix(): each.read_bytes() for each in root.rglob("*") if each.is_file()}
    return {path: body for path, body in sorted(found.items()) if path != MANIFEST}


def pages_in(root: Path) -> Iterator[tuple[str, BeautifulSoup]]:
    """Every page with its path."""
    for path, body in files_in(root).items():
        if path.endswith(".html"):
            yield path, BeautifulSoup(body, "lxml")


def links_of(path: str, page: BeautifulSoup) -> Iterator[str]:
    """The files to which a page leads or which it loads, by path; other sites left out."""
    for name in ("href", "src", "action"):
        for each in page.select(f"[{name}]"):
            parts = urlsplit(str(each[name]))
            if not (parts.scheme or parts.netloc) and parts.path:
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
