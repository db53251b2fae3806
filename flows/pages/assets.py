"""The files that every page needs: the style sheet and the icon. There is no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

_STYLES = (
    ("flows.design", "templates/tokens.css"),
    ("flows.design", "templates/base.css"),
    ("flows.pages", "assets/pages.css"),
)
_ICON = (("flows.pages", "assets/icon.svg"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file, with the media type that it is served as."""

    body: bytes
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """All of them by name."""
    return {
        "pages.css": Asset(body=_joined(_STYLES), media_type="text/css; charset=utf-8"),
        "icon.svg": Asset(body=_joined(_ICON), media_type="image/svg+xml"),
    }


@cache
def code_version() -> str:
    """A short hash of templates and assets: it changes when a release lets the same facts look otherwise."""
    templates = sorted(files("flows.pages").joinpath("templates").iterdir(), key=lambda each: each.name)
    parts = [each.read_bytes() for each in templates] + [each.body for each in assets().values()]
    return sha256(b"\0".join(parts)).hexdigest()[:12]


def _joined(parts: tuple[tuple[str, str], ...]) -> bytes:
    return b"\n".join(files(package).joinpath(path).read_bytes() for package, path in parts)
