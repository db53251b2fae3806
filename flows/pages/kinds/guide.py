"""The page that explains how to search and what the addresses are."""

from __future__ import annotations

from dataclasses import dataclass

from flows.pages.asked import Asked
from transforms.search.query import FORMS
from warehouse import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How to use these pages."""

    heading: str = "Help"
    forms: tuple[tuple[str, str], ...] = FORMS


def guide_page(_reader: Reader, _asked: Asked) -> Guide:
    """The page itself says it all."""
    return Guide()
