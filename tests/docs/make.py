"""Writes every generated part of the documentation: `make docs`. A test refuses a page that is not current.

A part stands between `<!-- NAME: begin (generated) -->` and `<!-- NAME: end -->`. A file may be generated as a whole.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import report
from tests.bench.measure import Figures
from tests.docs import tables
from tests.support.places import ROOT
from tests.warehouse.docs.answers import answers
from warehouse.docs.dictionary import dictionary
from warehouse.docs.sources_yml import sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One generated part of a page, or a whole file where `name` is None."""

    path: Path
    name: str | None
    make: Callable[[], str]

    def __str__(self) -> str:
        return f"{self.path.name}:{self.name or 'whole'}"

    @property
    def current(self) -> str:
        """What stands there now."""
        return self._split()[1]

    def write(self) -> bool:
        """Make the part anew and write it; whether that changed anything."""
        before, current, after = self._split()
        made = self.make()
        if made != current:
            self.path.write_text(f"{before}{made}{after}", encoding="utf-8")
        return made != current

    def _split(self) -> tuple[str, str, str]:
        text = self.path.read_text(encoding="utf-8")
        if self.name is None:
            return "", text, ""
        begin, end = f"<!-- {self.name}: begin (generated) -->\n\n", f"\n\n<!-- {self.name}: end -->"
        before, found, rest = text.partition(begin)
        current, ended, after = rest.partition(end)
        if not (found and ended):
            raise ValueError(f"{self.path.name} has no part {self.name!r}")
        return before + begin, current, end + after


def small_answers() -> str:
    """The questions with their answers, from a small warehouse that is thrown away."""
    with tempfile.TemporaryDirectory() as home:
        return answers(Path(home))


def measured() -> Figures:
    """The figures that the last `make bench` left."""
    found: Figures = json.loads((ROOT / "tests" / "bench" / "results.json").read_text(encoding="utf-8"))
    return found


DOCS = ROOT / "docs"
BENCHMARK = (
    Part(path=DOCS / "benchmark.md", name="benchmark", make=lambda: report.table(measured()).strip()),
    Part(path=ROOT / "tests" / "bench" / "results.svg", name=None, make=lambda: report.plot(measured())),
)
PARTS = (
    Part(path=DOCS / "operate.md", name="commands", make=tables.commands),
    Part(path=DOCS / "operate.md", name="settings", make=tables.settings),
    Part(path=DOCS / "analyse.md", name="answers", make=small_answers),
    Part(path=DOCS / "analyse.md", name="query", make=tables.query_forms),
    Part(path=DOCS / "data-dictionary.md", name="dictionary", make=dictionary),
    Part(path=DOCS / "sources.md", name="sources", make=tables.sources),
    Part(path=DOCS / "sources.md", name="services", make=tables.services),
    Part(path=DOCS / "sources.md", name="terms", make=tables.terms),
    Part(path=DOCS / "matching.md", name="weights", make=tables.weights),
    *BENCHMARK,
    Part(path=ROOT / "CONTRIBUTING.md", name="targets", make=tables.targets),
    Part(path=ROOT / "warehouse" / "sources.yml", name=None, make=sources),
)


def main() -> None:
    """Write all parts, and print those that changed."""
    changed = [str(part) for part in PARTS if part.write()]
    sys.stdout.write("\n".join(changed or ["every generated part was current"]) + "\n")


if __name__ == "__main__":
    main()
