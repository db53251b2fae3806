"""What the facts would be if every kept page were read anew by the present extractors: told, and nothing is written."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.jobs.replay import replay
from flows.pipeline.steps import Progress, Span, Steps
from flows.settings import Settings
from warehouse import Difference, compare_exports, open_warehouse

EXAMPLES_PER_COLUMN = 2
SHOWN_CHARACTERS = 120


def difference(settings: Settings, steps: Steps, progress: Progress) -> tuple[Difference, ...]:
    """Replay everything into a home that is thrown away, and compare its facts with the published ones."""
    with tempfile.TemporaryDirectory(prefix="paperlog-diff-") as name:
        folder = Path(name)
        with open_warehouse(str(settings.home)).reader(may_write_files=True) as reader:
            reader.export(folder / "before")
        replay(settings, steps, progress, span=Span(), into=folder / "home")
        with open_warehouse(str(folder / "home")).reader(may_write_files=True) as reader:
            reader.export(folder / "after")
        return tuple(compare_exports(folder / "before", folder / "after"))


def told(found: Iterable[Difference]) -> Iterator[str]:
    """Counts by table and column, each with the first examples."""
    differences = list(found)
    if not differences:
        yield "nothing would change"
        return
    counts = Counter((each.table, each.kind, name) for each in differences for name in _columns(each))
    shown: Counter[tuple[str, str, str]] = Counter()
    for group, count in sorted(counts.items()):
        table, kind, column = group
        yield f"{table}{f'.{column}' if column else ''}: {count} {kind}"
        for each in differences:
            if (
                (each.table, each.kind) == (table, kind)
                and column in _columns(each)
                and shown[group] < EXAMPLES_PER_COLUMN
            ):
                shown[group] += 1
                yield f"  {' '.join(each.key)}{_example(each, column)}"


def _columns(each: Difference) -> list[str]:
    return [name for name, _, _ in each.columns] or [""]


def _example(each: Difference, column: str) -> str:
    said = {name: (before, after) for name, before, after in each.columns}
    if column not in said:
        return ""
    before, after = (text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…" for text in said[column])
    return f"\n    was {before}\n    now {after}"
