"""What a look at one thing found: ok, warn or fail, in one line with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, Queue
from threading import Thread


class Level(StrEnum):
    """How bad it is; only `fail` makes a command end with exit code 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at, what was seen, and what a person should do about it."""

    name: str
    level: Level
    detail: str
    remedy: str = ""

    @property
    def line(self) -> str:
        """In one line."""
        return (
            f"{self.level:<4}  {self.name}: {' '.join(self.detail.split())}{f'; {self.remedy}' if self.remedy else ''}"
        )

    @property
    def row(self) -> dict[str, str]:
        """As a row of text."""
        return {"level": str(self.level), "name": self.name, "detail": self.detail, "remedy": self.remedy}


def ok(name: str, detail: str) -> Diagnosis:
    """It is as it should be."""
    return Diagnosis(name=name, level=Level.OK, detail=detail)


def warn(name: str, detail: str, remedy: str = "") -> Diagnosis:
    """Somebody should look at it; nothing breaks yet."""
    return Diagnosis(name=name, level=Level.WARN, detail=detail, remedy=remedy)


def fail(name: str, detail: str, remedy: str = "") -> Diagnosis:
    """Something does not work."""
    return Diagnosis(name=name, level=Level.FAIL, detail=detail, remedy=remedy)


def within(seconds: float, name: str, look: Callable[[], Iterable[Diagnosis]]) -> list[Diagnosis]:
    """What a look finds, or that it took too long: a host may let one wait for ever."""
    answers: Queue[list[Diagnosis] | Exception] = Queue()
    # A daemon, so that a look that hangs does not keep the process from its end.
    Thread(target=_answer, args=(look, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        return [fail(name, f"no answer within {seconds:.0f} s", "look whether it is up, and at proxies and firewalls")]
    if isinstance(answer, Exception):
        return [fail(name, f"{type(answer).__name__}: {answer}", "see the message")]
    return answer


def _answer(look: Callable[[], Iterable[Diagnosis]], answers: Queue[list[Diagnosis] | Exception]) -> None:
    try:
        answers.put(list(look()))
    except Exception as error:  # noqa: BLE001 - handed over to the thread that asked
        answers.put(error)
