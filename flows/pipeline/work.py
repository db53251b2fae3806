"""What every job works with: settings, a way to run steps, a place to show progress, and the writer's lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, Protocol, Self, TypeVar

from flows.places.warehouse import warehouse_of
from flows.settings import Settings

if TYPE_CHECKING:  # reading commands import this module too, and need nothing of what writing imports
    from warehouse.writer import Writer

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


class Progress(Protocol):
    """Where a long run shows how far it is."""

    def expect(self, count: int) -> None:
        """Add to the number of partitions or files that are to come."""

    def note(self, line: str) -> None:
        """Show something that finishes no partition or file."""

    def done(self, line: str) -> None:
        """Count one partition or file as finished."""


class StepRunner(Protocol):
    """Returns a step as it is to be called: the function itself, or the same function as a Prefect task."""

    def __call__(self, step: Callable[Arguments, Returned], /) -> Callable[Arguments, Returned]:
        """The step, with the parameters and the result of the function."""


def directly(step: Callable[Arguments, Returned], /) -> Callable[Arguments, Returned]:
    """Run a step as the plain function that it is."""
    return step


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time of day of a run: what pages say of days is held against it, and their times of reading are its own.

    It is `ahead` of this machine's; a run of another day is a test, or shows what became of that day.
    """

    ahead: timedelta = timedelta()

    @classmethod
    def at(cls, moment: datetime) -> Self:
        """One that shows this time now, and goes on from there."""
        return cls(ahead=moment - datetime.now(UTC))

    def now(self) -> datetime:
        """What it shows, in UTC."""
        return datetime.now(UTC) + self.ahead


OWN_CLOCK = Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Where a job works and how: `publish` replaces the snapshot at its end."""

    settings: Settings
    progress: Progress
    step: StepRunner = directly
    publish: bool = True
    clock: Clock = OWN_CLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A range of days, both ends included; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the day is inside; an unknown day is inside only if both ends are open."""
        if day is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


EVERYTHING = Span()


def writing(settings: Settings, label: str, *, is_any_file: bool = False) -> AbstractContextManager[Writer]:
    """Wait for the writer's lock and open the warehouse; other writers see the label while they wait.

    `is_any_file` opens one that the published snapshot was not made from, too: only a replay of all heals it.
    """
    # Imported here, because readers need none of it.
    from flows.parallel.packing import packer_of  # noqa: PLC0415

    packer = packer_of(settings.processes)
    return warehouse_of(settings).writer(
        label, lock_seconds=settings.lock_seconds, is_any_file=is_any_file, packer=packer
    )
