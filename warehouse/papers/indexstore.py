"""What keeps the side index: the rows of `indexrows`, what is in which block, and the state of the warehouse they fit.

A store holds nothing that the warehouse does not hold as well. It may be lost at any time: the next load makes it
again. It proves what it finds when it is first used, and replaces what is damaged or of another version by nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from transforms.matching.blocking import BLOCK_KEYS_VERSION
from warehouse.papers.indexrows import Posting, Row

FORMAT: Final = 3
"""Raise it with every change of the tables or of what is stored; an index of another version is filled again."""

VERSION: Final = BLOCK_KEYS_VERSION * 1000 + FORMAT


class IndexUnusableError(Exception):
    """A right is missing, or a disk, a server or another program is in the way: nothing is known to be damaged."""


class Additions(NamedTuple):
    """Rows, and a posting for each of their block keys."""

    rows: Sequence[Row]
    postings: Sequence[Posting]


class IndexStore(Protocol):
    """The store of one side index, for the writer alone; it is opened at its first use.

    Every method may raise IndexUnusableError, and IndexDamagedError where something is not what was written. Changes
    wait for `commit`.
    """

    @property
    def name(self) -> str:
        """What people know it by; no secret."""
        ...

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        ...

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        ...

    def damage(self) -> str | None:
        """What is wrong with it, which is left as it is; None if nothing is, or it is of another version."""
        ...

    def stamps(self) -> tuple[str | None, str | None]:
        """The stamp of the last commit, and of the one before it."""
        ...

    def touched(self) -> list[str]:
        """The sightings that the last commit named."""
        ...

    def last_number(self) -> int:
        """The highest number of a row; 0 if there is none."""
        ...

    def rows_of(self, keys: Collection[str]) -> Iterable[Row]:
        """The rows of those sightings that it holds, in any order."""
        ...

    def numbered_rows(self, numbers: Collection[int]) -> Iterable[Row]:
        """The rows with those numbers that it holds, in any order."""
        ...

    def members(self, blocks: Collection[int]) -> Iterable[Posting]:
        """All postings of those blocks, in any order."""
        ...

    def insert(self, additions: Additions) -> None:
        """Add rows with numbers that it does not hold."""
        ...

    def fill(self, portions: Iterable[Additions]) -> None:
        """Replace everything by these; faster than adding so many."""
        ...

    def delete(self, numbers: Sequence[int], postings: Sequence[Posting]) -> None:
        """Delete rows and postings; IndexDamagedError if one of them is missing."""
        ...

    def clear(self) -> None:
        """Delete all rows and postings; `stamps` says then that it fits nothing."""
        ...

    def commit(self, stamp: str | None, touched: Iterable[str], more_rows: int, more_postings: int) -> None:
        """Commit the changes under that stamp; the numbers say how many more it holds than before them.

        Where it was cleared meanwhile, they say how many more than none.
        """
        ...

    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        ...

    def close(self) -> None:
        """Close it; changes that were not committed are lost."""
        ...

    def discard(self) -> None:
        """Close and delete it."""
        ...
