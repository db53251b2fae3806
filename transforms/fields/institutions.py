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
_SEPARATORS_AND_BRACKETS = {sign: re.compile(f"[{sign}()]") for sign in ";,"}

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
    """The one institution of a `Primary:` line; None where the page does not know it."""
    pieces = _parts(text, ";")
    name = _name(_parts(pieces[0], ",")[0] if len(pieces) > 1 else pieces[0])
    return None if _is_placeholder(name) else name


def split(text: str) -> tuple[Institution, ...]:
    """The institutions of an `All Institutions:` line in order, each name once; never split at `&`.

    A list separated by `;` has postal addresses: each name ends at its first comma, unless the comma is part of it.
    """
    pieces = [piece for piece in _parts(text, ";") if piece]
    printed = [(_joined(piece)[0], piece) for piece in pieces] if len(pieces) > 1 else [(p, p) for p in _joined(text)]
    found: dict[str, Institution] = {}
    for part, raw in printed:
        name = _name(part)
        if name and not _is_placeholder(name):
            found.setdefault(name.casefold(), Institution(name=name, raw=storable(raw)))
    return tuple(found.values())


def _joined(text: str) -> list[str]:
    """The parts between commas, with names that hold a comma put together again."""
    names: list[list[str]] = []
    for part in _parts(text, ","):
        if names and (_is_campus(names[-1], part) or _LEGAL_FORM.fullmatch(part)):
            names[-1].append(part)
        else:
            names.append([part])
    return [", ".join(parts) for parts in names]


def _is_campus(name: list[str], part: str) -> bool:
    return len(name) == 1 and f"{name[0]}, {part}".lower() in _NAMES_WITH_COMMA


def _parts(text: str, separator: str) -> list[str]:
    """What stands between the separators without the blanks around it; one inside brackets separates nothing.

    It stands inside where the next bracket closes. From the end on, each sign is looked at once.
    """
    parts: list[str] = []
    end, next_bracket = len(text), ""
    for found in reversed(list(_SEPARATORS_AND_BRACKETS[separator].finditer(text))):
        if found[0] != separator:
            next_bracket = found[0]
        elif next_bracket != ")":
            parts.append(text[found.end() : end].strip())
            end = found.start()
    parts.append(text[:end].strip())
    return parts[::-1]


def _name(text: str) -> str:
    return title_line(text.replace(_STRAY_LABEL, ""))


def _is_placeholder(name: str) -> bool:
    return not name.strip("-\u2013\u2014 ") or _PLACEHOLDER.fullmatch(name) is not None
