"""What one service by id offers: a record of plain functions and facts, as `Source` is for a digest.

A service knows facts about a paper by its id. It lists nothing: it has no partitions, no trust, and no sightings. What
it says is kept apart from what a list printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.facts import Answer, Asked
from transforms.records import Content, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service. Its setting, the row in the documentation and the job derive from this record.

    Attributes:
        name: the name of the service's module, of its folder in the landing, and in every table.
        version: rises whenever `parse` reads the same answer otherwise; it is written to every row.
        gives: what it knows, for the documentation.
        terms: what its operator asks for, for the documentation.
        shows: what of it may be shown on public pages by its terms (see `Source.shows`).
        default_url: its public address, without a query; None for one whose answers only come as files.
        requests_per_second_max: its own limit below the setting's.
        parse: reads an answer; raises PageChanged, PageCut or AnswerRefused.
        changes: the address of what changed, given the base address; None if it cannot be asked so.
        by_ids: the address of what it says about ids, given the base address; None if it cannot be asked so.
        ids_max: how many ids one address may have.
        statuses: those under which its own words come.
    """

    name: str
    version: int
    gives: str
    terms: str
    default_url: str | None
    requests_per_second_max: float
    parse: Callable[[Page], Answer]
    changes: Callable[[str, Asked], str] | None = None
    by_ids: Callable[[str, Sequence[str]], str] | None = None
    ids_max: int = 0
    shows: frozenset[Content] = frozenset()
    statuses: frozenset[int] = frozenset({200})

    @property
    def url_variable(self) -> str:
        """The environment variable with its address."""
        return f"PAPERLOG_{self.name.upper()}_URL"
