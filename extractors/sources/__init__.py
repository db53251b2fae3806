"""Every digest that can be read: each module or folder here is one source, found by its name and listed nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules

from extractors.errors import UnknownSource
from extractors.source import Source


def discover(package: str, folders: Iterable[str]) -> dict[str, Source]:
    """The `SOURCE` of each module and folder of a package, by its name, in alphabetical order."""
    found: dict[str, Source] = {}
    for module in iter_modules(folders):
        found[module.name] = import_module(f"{package}.{module.name}").SOURCE
        if found[module.name].name != module.name:
            raise ValueError(f"{package}.{module.name} holds the source {found[module.name].name!r}: use one name")
    return found


SOURCES = discover(__name__, __path__)


def source_named(name: str) -> Source:
    """The source of that name; UnknownSource lists the names that there are."""
    try:
        return SOURCES[name]
    except KeyError:
        near = nearest(name)
        meant = f"; did you mean {near!r}?" if near else ""
        raise UnknownSource(f"no source is named {name!r}; there are: {', '.join(SOURCES)}{meant}") from None


def nearest(name: str) -> str | None:
    """The source of which the name may be a slip."""
    return next(iter(get_close_matches(name.lower(), SOURCES, n=1, cutoff=0.5)), None)
