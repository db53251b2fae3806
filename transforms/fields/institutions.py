"""Institution lines of reviews as names. `unknown` in all its wordings is no institution; the printed text is kept."""

from __future__ import annotations

import re

from transforms.fields.text import storable, title_line
from transforms.records import Institution

# The page's own bug (seen 2026-06-27): `ML Alignment | All: & Theory Scholars (MATS) program`.
_STRAY_LABEL = "| All: "
_PLACEHOLDER = re.compile(
    r"(?:unknown|unspecified|"
    r"(?:not|none)(?: \w+)? (?:specified|stated|provided|mentioned|given|available|disclosed|listed))(?![\w-]).*"
    r"|(?:none|n/?a)\.?",
    re.IGNORECASE | re.DOTALL,
)
_OUTSIDE_BRACKETS = r"(?![^()]*\))"
_SEMICOLON = re.compile(rf"\s*;\s*{_OUTSIDE_BRACKETS}")
_COMMA = re.compile(rf"\s*,\s*{_OUTSIDE_BRACKETS}")

# Names with a comma: the part before it, and the parts that may follow it.
_CAMPUSES: dict[str, tuple[str, ...]] = {
    "University of California": (
        "Berkeley", "Davis", "Irvine", "Los Angeles", "Merced", "Riverside", "San Diego", "San Francisco",
        "Santa Barbara", "Santa Cruz",
    ),
    "University of Illinois": ("Urbana-Champaign", "Urbana Champaign", "Chicago", "Springfield"),
    "University of Texas": ("Austin", "Dallas", "Arlington", "San Antonio", "El Paso"),
    "University of Maryland": ("College Park", "Baltimore County", "Baltimore"),
    "University of North Carolina": ("Chapel Hill", "Charlotte", "Greensboro"),
    "University of Massachusetts": ("Amherst", "Boston", "Lowell", "Dartmouth"),
    "University of Michigan": ("Ann Arbor", "Dearborn"),
    "University of Minnesota": ("Twin Cities", "Duluth"),
    "University of Wisconsin": ("Madison", "Milwaukee"),
    "University of Colorado": ("Boulder", "Denver", "Colorado Springs"),
    "University of Nebraska": ("Lincoln", "Omaha"),
    "University of Missouri": ("Columbia", "Kansas City"),
    "University of Hawaii": ("Manoa", "Mānoa", "Hilo"),
    "California State University": ("Fullerton", "Long Beach", "Los Angeles", "Northridge", "Sacramento"),
    "State University of New York": ("Albany", "Binghamton", "Buffalo", "Stony Brook"),
    "City University of New York": ("Graduate Center", "Hunter College", "Queens College"),
    "Indiana University": ("Bloomington", "Indianapolis"),
    "Rutgers University": ("New Brunswick", "Newark", "Camden"),
    "Harbin Institute of Technology": ("Shenzhen", "Weihai"),
    "Chinese University of Hong Kong": ("Shenzhen",),
    "Beijing Normal University": ("Zhuhai",),
    "Technion": ("Israel Institute of Technology",),
}  # fmt: skip
_NAMES_WITH_COMMA = frozenset(
    f"{article}{name}, {campus}".lower()
    for name, campuses in _CAMPUSES.items()
    for campus in campuses
    for article in ("", "the ")
)
_LEGAL_FORM = re.compile(r"(?:inc|ltd|llc|corp|co|gmbh|ag|s\.?a|b\.?v|plc|pbc)\.?", re.IGNORECASE)


def primary(text: str) -> str | None:
    """The one institution of a `Primary:` line; None if the page does not know it."""
    pieces = _SEMICOLON.split(text.strip())
    name = _name(_COMMA.split(pieces[0])[0] if len(pieces) > 1 else pieces[0])
    return None if _is_placeholder(name) else name


def split(text: str) -> tuple[Institution, ...]:
    """The institutions of an `All Institutions:` line in order, each name once; never split at `&`.

    A list separated by `;` has postal addresses: each name ends at its first comma, unless the comma is part of it.
    """
    pieces = [piece for piece in _SEMICOLON.split(text.strip()) if piece]
    printed = [(_joined(piece)[0], piece) for piece in pieces] if len(pieces) > 1 else [(p, p) for p in _joined(text)]
    found: dict[str, Institution] = {}
    for part, raw in printed:
        name = _name(part)
        if name and not _is_placeholder(name):
            found.setdefault(name.casefold(), Institution(name=name, raw=storable(raw)))
    return tuple(found.values())


def _joined(text: str) -> list[str]:
    """The parts between commas, with names that have a comma joined again."""
    parts: list[str] = []
    for part in _COMMA.split(text.strip()):
        if parts and (f"{parts[-1]}, {part}".lower() in _NAMES_WITH_COMMA or _LEGAL_FORM.fullmatch(part)):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def _name(text: str) -> str:
    return title_line(text.replace(_STRAY_LABEL, ""))


def _is_placeholder(name: str) -> bool:
    return not name.strip("-\u2013\u2014 ") or _PLACEHOLDER.fullmatch(name) is not None
