"""The pages of the documentation, and the fenced blocks in them.

A comment on the line before a block is a note about it: `<!-- not run: why -->`, `<!-- analyst: what it needs -->` for
one that `make test-analyst` runs, `<!-- file: path -->` for a block that is the content of a file.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.support.places import ROOT

PAGES = (*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted(ROOT.glob("docs/*.md")))

_FENCE = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    flags=re.MULTILINE | re.DOTALL,
)
_CALL = re.compile(
    r"(?<![\w./-])(?:[\w./-]*/)?(?P<program>paperlog|make|prefect)"
    r"(?P<arguments>(?: +(?:\"[^\"]*\"|'[^']*'|[^\s\"'|;)]+))*)(?=[\s|;)]|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One fenced block: its text as printed, without the fences; `line` is the line of its opening fence."""

    page: Path
    line: int
    language: str
    text: str
    kind: str
    note: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a program: its name without its folder, and its arguments."""

    program: str
    arguments: tuple[str, ...]


def fences(*languages: str) -> list[Fence]:
    """Every block of these languages in all pages, page by page."""
    return [fence for page in PAGES for fence in fences_of(page) if fence.language in languages]


def fences_of(page: Path) -> Iterator[Fence]:
    """Every block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        kind, _, note = (found["note"] or "").partition(": ")
        line = text.count("\n", 0, found.start("language")) + 1
        yield Fence(page=page, line=line, language=found["language"], text=dedent(found["text"]), kind=kind, note=note)


def calls(script: str) -> Iterator[Call]:
    """The calls of our own programs in a shell script, those in `$(…)` too."""
    text = re.sub(r"(^|\s)#.*", "", script.replace("\\\n", " "), flags=re.MULTILINE)
    for found in _CALL.finditer(text):
        yield Call(program=found["program"], arguments=tuple(shlex.split(found["arguments"])))


def prose(page: Path) -> str:
    """The page's text without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))
