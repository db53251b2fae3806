"""What is asked of a page: the values in its address and query, read strictly; and why there may be no such page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from flows.settings import Settings
from transforms.errors import PaperlogError

ROWS_A_PAGE = 50
PAGES_MAX = 100_000
TEXT_MAX = 300


class NoSuchPage(PaperlogError):
    """Nothing is known by that address; the message says what to try."""


class WrongQuestion(PaperlogError):
    """A value of the query cannot be used; the message names it."""


class MovedPage(PaperlogError):
    """The page has another address now, such as that of a paper with which another was merged."""

    def __init__(self, address: str) -> None:
        super().__init__(f"this page is at {address}")
        self.address = address


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The values of one question by name, as text; `settings` say which lists are fetched.

    Lists of names leave out those of fewer papers than `names_from`. `today` is the day as of which something is
    missing, by default this one.
    """

    settings: Settings
    values: Mapping[str, str]
    names_from: int = 1
    today: date | None = None

    def text(self, name: str) -> str:
        """A value on one line; empty if it is not given."""
        text = " ".join(self.values.get(name, "").split())
        if len(text) > TEXT_MAX:
            raise WrongQuestion(f"{name}: at most {TEXT_MAX} characters")
        return text

    def day(self, name: str) -> date | None:
        """A day such as 2026-03-02; None if it is not given."""
        if not (text := self.text(name)):
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise WrongQuestion(f"{name}: {text!r} is no day such as 2026-03-02") from None

    def is_set(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) not in {"", "0", "no", "false"}

    @property
    def page(self) -> int:
        """Which part of a long page, from 1."""
        text = self.text("page") or "1"
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= PAGES_MAX):
            raise WrongQuestion(f"page: {text!r} is no number from 1 to {PAGES_MAX:,}")
        return int(text)

    def limits(self, size: int = ROWS_A_PAGE) -> dict[str, object]:
        """The same for a query: `most` rows from `offset`."""
        return {"most": size, "offset": (self.page - 1) * size}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a long page this is: `number` of `count`, from 1, and how many rows there are in all."""

    number: int
    total: int
    size: int = ROWS_A_PAGE

    @property
    def count(self) -> int:
        """How many parts there are, at least one."""
        return max(1, ceil(self.total / self.size))

    @property
    def first(self) -> int:
        """The place of its first row among all, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of its last row among all."""
        return min(self.number * self.size, self.total)


def part_of(asked: Asked, total: int, size: int = ROWS_A_PAGE) -> Part:
    """The part that is asked for. Raises NoSuchPage beyond the last one."""
    part = Part(number=asked.page, total=total, size=size)
    if part.number > part.count:
        raise NoSuchPage(f"this has {part.count} {'page' if part.count == 1 else 'pages'}, and no page {part.number}")
    return part
