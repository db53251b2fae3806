"""Names as parts of an address: ASCII, one for each name, and the name can be read back from it.

Small letters and digits stay, a blank is a hyphen, every other sign is its code between underlines: `jean_2d_luc-o`.
A name too long for a file's name ends in a hash instead, and is found by looking for it.
"""

from __future__ import annotations

import re
from hashlib import sha256

LENGTH_MAX = 120
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_SLUG = re.compile(r"(?:[a-z0-9-]|_[0-9a-f]{1,6}_)+", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")  # of a character: no engine takes one
_CUT = re.compile(r"(?P<start>[a-z0-9-]*)__(?P<hash>[0-9a-f]{16})", re.ASCII)


def slug_of(name: str) -> str:
    """The name as a part of an address."""
    slug = "".join(_sign(each) for each in name)
    if len(slug) <= LENGTH_MAX:
        return slug
    start = re.sub("_.*", "", slug[: LENGTH_MAX - 18], flags=re.DOTALL)
    return f"{start}__{hash_of(name)}"


def name_of(slug: str) -> str | None:
    """The name that a slug stands for; None where it is none, or ends in a hash (see `hash_in`)."""
    if not _SLUG.fullmatch(slug):
        return None
    try:
        name = re.sub(r"_([0-9a-f]+)_|-", lambda found: chr(int(found[1], 16)) if found[1] else " ", slug)
    except (ValueError, OverflowError):
        return None
    return name if slug_of(name) == slug and not _HALF.search(name) else None


def hash_in(slug: str) -> str | None:
    """The hash at the end of the slug of a long name; None where there is none."""
    found = _CUT.fullmatch(slug)
    return found["hash"] if found else None


def hash_of(name: str) -> str:
    """The hash of a long name, as DuckDB's `sha256(name)[:16]` gives it."""
    return sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]


def _sign(sign: str) -> str:
    if sign in _PLAIN:
        return sign
    return "-" if sign == " " else f"_{ord(sign):x}_"
