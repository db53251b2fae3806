"""Why a reader is told of a paper, or is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.digest.liked import wishes_of
from flows.digest.look import paper_with, told_of_papers
from flows.digest.words import title_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from flows.shown import in_one_line
from transforms.digest.interests import Wanted
from transforms.digest.readers import DigestReader
from transforms.digest.records import DigestPaper
from warehouse import Ledger, Reader, ledger_to_read, paper_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one reader makes of one paper."""

    reader: str
    title: str
    is_chosen: bool
    reasons: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def row(self) -> dict[str, object]:
        """For programs."""
        return {
            "reader": self.reader,
            "title": self.title,
            "is_chosen": self.is_chosen,
            "reasons": list(self.reasons),
            "told": list(self.told),
        }

    @property
    def line(self) -> str:
        """In one line."""
        said = f"{self.reader}: {'chosen' if self.is_chosen else 'not chosen'}: {'; '.join(self.reasons)}"
        return f"{said}; {'; '.join(self.told)}" if self.told else said


def explained(
    settings: Settings, readers: Sequence[DigestReader], name: str, *, note: Callable[[str], None]
) -> tuple[str, tuple[Explained, ...]]:
    """The paper's title; why each reader is told of it or not, and when it was told. Raises as `paper_named`."""
    with warehouse_of(settings).reader() as snapshot, ledger_to_read(settings.home) as ledger:
        found = paper_named(snapshot, name)
        paper = paper_with(snapshot, found.paper_key)
        wishes = wishes_of(snapshot, readers, note)
        if paper is None:
            why = "it is in no list and no review of a day, only in a dump"
            title = in_one_line(found.title or name)
            return title, tuple(
                Explained(reader=each.name, title=title, is_chosen=False, reasons=(why,), told=()) for each in readers
            )
        return title_of(paper), tuple(_explained(snapshot, ledger, each, paper, wishes[each.name]) for each in readers)


def _explained(
    snapshot: Reader, ledger: Ledger | None, reader: DigestReader, paper: DigestPaper, wishes: Wanted
) -> Explained:
    choice = wishes.choice(paper)
    return Explained(
        reader=reader.name,
        title=title_of(paper),
        is_chosen=choice is not None,
        reasons=tuple(each.text for each in choice.reasons) if choice else (wishes.refusal(paper),),
        told=tuple(_told(snapshot, ledger, reader, paper)) if ledger else (),
    )


def _told(snapshot: Reader, ledger: Ledger, reader: DigestReader, paper: DigestPaper) -> list[str]:
    said: list[str] = []
    for channel in reader.channels:
        rows = told_of_papers(snapshot, ledger.told(reader.name, channel.name)).get(paper.paper_key, ())
        for told_on, is_left_out in sorted({(each.told_on, each.is_left_out) for each in rows}):
            how = "left out, for want of room," if is_left_out else "told"
            said.append(f"{how} on {told_on} by {channel.name}")
    return said
