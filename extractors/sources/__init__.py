"""Every digest that can be read: each module or folder here is one source, found by its name and listed nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from extractors.errors import UnknownSource
from extractors.source import Source
from transforms.series import SERIES_MARK, list_of


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
    """The source of that name, or the list `source:series` as a source of its own.

    UnknownSource lists the names that there are, or says what a series must look like.
    """
    family, mark, series = name.partition(SERIES_MARK)
    source = SOURCES.get(family)
    if source is None:
        near = nearest(family)
        meant = f"; did you mean {near!r}?" if near else ""
        raise UnknownSource(f"no source is named {family!r}; there are: {', '.join(SOURCES)}{meant}")
    return _of_series(source, series) if mark else source


@cache
def _of_series(source: Source, series: str) -> Source:
    if source.of_series is None:
        raise UnknownSource(f"{source.name} is one list: write it without {SERIES_MARK + series!r}")
    try:
        return source.of_series(series)
    except ValueError as error:
        raise UnknownSource(f"{list_of(source.name, series)}: {error}") from None


def nearest(name: str) -> str | None:
    """The source of which the name may be a slip."""
    return next(iter(get_close_matches(name.lower(), SOURCES, n=1, cutoff=0.5)), None)
