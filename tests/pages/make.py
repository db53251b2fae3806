"""Writes every saved page and its case file again: `python -m tests.pages.make` from the project's root.

All pages are reconstructed: the real shape, invented papers. Those of a source are in its folder's `make.py`. The test
that reads the pages makes the goldens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One saved page: `asked_on` None means that it was adopted from a file.

    `series` is the list that it has, for a source of several.
    """

    suffix: str
    name: str
    why: str
    text: str
    fetched_at: str = "2026-01-08T12:00:00Z"
    asked_on: date | None = None
    url: str | None = None
    series: str | None = None

    def write(self, source: Path) -> None:
        """Write page and case file into the case's folder, in the folder of the source."""
        folder = source / self.name
        folder.mkdir(exist_ok=True)
        (folder / f"page.{self.suffix}").write_text(self.text, encoding="utf-8", newline="")
        facts = {"origin": "reconstructed", "why": self.why, "fetched_at": self.fetched_at}
        facts |= {"asked_on": self.asked_on.isoformat()} if self.asked_on else {}
        facts |= {"url": self.url} if self.url else {}
        facts |= {"series": self.series} if self.series else {}
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in facts.items()]
        (folder / "case.toml").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for maker in sorted(HERE.glob("*/make.py")):
        for case in import_module(f"tests.pages.{maker.parent.name}.make").cases():
            case.write(maker.parent)
