"""What the facts would be if the present extractors read every kept page again; nothing is written."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from flows.jobs.replay import replay
from flows.pipeline.work import Work
from warehouse import Difference, compare_exports, open_warehouse

EXAMPLES_PER_COLUMN = 2
SHOWN_CHARACTERS = 120


def difference(work: Work) -> tuple[Difference, ...]:
    """Replay everything into a home that is thrown away, and compare its facts with the published ones."""
    with tempfile.TemporaryDirectory(prefix="paperlog-diff-") as name:
        folder = Path(name)
        _export(work.settings.home, folder / "before")
        replay(replace(work, publish=True), into=folder / "home")
        _export(folder / "home", folder / "after")
        return tuple(compare_exports(folder / "before", folder / "after"))


def lines_of(found: Iterable[Difference]) -> Iterator[str]:
    """Counts by table and column, each with the first examples."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in found:
        examples = {
            column.name: f"\n    was {_cut(column.before)}\n    now {_cut(column.after)}" for column in each.columns
        }
        for column, example in (examples or {"": ""}).items():
            groups[each.table, each.kind, column].append(f"  {' '.join(each.key)}{example}")
    if not groups:
        yield "nothing would change"
    for (table, kind, column), lines in sorted(groups.items()):
        yield f"{table}{f'.{column}' if column else ''}: {len(lines)} {kind}"
        yield from lines[:EXAMPLES_PER_COLUMN]


def _export(home: Path, directory: Path) -> None:
    with open_warehouse(str(home)).reader(may_write_files=True) as reader:
        reader.export(directory)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
