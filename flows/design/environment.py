"""The Jinja environment of all pages: every text is escaped, misspelt names fail, control characters are shown."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.design.names import KINDS, day_text
from flows.shown import counted, visible


def environment_of(*packages: str) -> Environment:
    """The environment with the templates of these packages, the first before the others, and those all pages share."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in (*packages, "flows.design")]),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,  # a misspelt name fails; Jinja's default prints nothing
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day_text,
        "moment": lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "",
        "count": counted,
        "kind": lambda kind: KINDS.get(kind, kind),
        "words": lambda name: name.replace("_", " "),
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "number": lambda number: "" if number is None else f"{number:,}",
    }
    return environment


def without_blank_lines(text: str) -> str:
    """A rendered page without the lines and blanks that its template leaves behind."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _visible(value: object) -> object:
    """Text without marks that would make a line read otherwise than it is; our own markup as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
