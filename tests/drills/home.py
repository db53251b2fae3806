"""The home that is damaged, and everything that it answers: what readers, monitors and the next writer say."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest import mock

from flows.__main__ import main
from flows.demo.site import FRIDAY, MONDAY, site
from tests.support.environment import environment_of
from warehouse import Reader, open_warehouse, search
from warehouse.docs import ANSWERS

WORDS = ("lantern", "kites", "mosaic")
THURSDAY = FRIDAY.replace(day=FRIDAY.day - 1)
REVIEW = f"{MONDAY}__fetched_20250310T120000Z.txt"
LATER = f"{FRIDAY}__fetched_20250309T120000Z.html"
_TWO = "select sighting_key from core.sightings where source = 'hf_daily' order by sighting_key limit 2"

Answers = Mapping[str, object]
"""What was asked, and the answer, or the error as an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """What a person is told; nothing where all went well."""
        return self.err.strip() or (f"exit code {self.code}" if self.code else "")


def made(folder: Path, base: str) -> Path:
    """A home with four days, a week's review, and decisions of two kinds; published. `folder` gets a later page."""
    home = folder / "home"
    environment = variables(home, base)
    (folder / REVIEW).write_bytes(site()[f"/weekly/{MONDAY}.txt"].body)
    (folder / LATER).write_bytes(site()[f"/papers/date/{FRIDAY}"].body)
    _sure(environment, "ingest", "hf_daily", "--from", MONDAY, "--to", THURSDAY)
    _sure(environment, "adopt", "weekly_review", folder / REVIEW)
    with open_warehouse(str(home)).reader() as reader:
        one, other = (key for (key,) in reader.query(_TWO).rows)
    _sure(environment, "merge", one, other, "--reason", "to be one")
    _sure(environment, "forget", "hf_daily", THURSDAY, "--reason", "to be taken back")
    return home


def variables(home: Path, base: str) -> dict[str, str]:
    """The variables of commands in a home; two days' snapshots are kept."""
    return environment_of(home.parent, base, PAPERLOG_HOME=str(home), PAPERLOG_KEEP_SNAPSHOTS="2")


def published(home: Path) -> Answers:
    """The ten questions, some searches, and the digest of the published snapshot's facts."""
    return _asked(home, None)


def kept(home: Path) -> Answers:
    """The same of the newest kept snapshot, with what all kept ones say of themselves."""
    return {**_asked(home, datetime.now(UTC)), "kept": _answer(lambda: open_warehouse(str(home)).snapshots(), home)}


def status(home: Path, environment: Mapping[str, str]) -> object:
    """What `status` prints, or its complaint as an exception."""
    done = said(environment, "status", "--json")
    return RuntimeError(done.complaint) if done.code else done.out.replace(str(home), "HOME")


def findings(environment: Mapping[str, str], command: str) -> frozenset[str]:
    """What `check` or `audit` finds."""
    done = said(environment, command, "--json")
    try:
        listed = json.loads(done.out)
        listed = listed["findings"] if isinstance(listed, dict) else listed
    except ValueError:
        return frozenset({done.complaint})
    return frozenset(json.dumps(each, sort_keys=True) for each in listed)


def said(environment: Mapping[str, str], *arguments: object) -> Said:
    """Run the command line in this process, which has everything imported already."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["paperlog", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Said(code=code, out=out.getvalue(), err=err.getvalue())


def _asked(home: Path, moment: datetime | None) -> dict[str, object]:
    try:
        with open_warehouse(str(home)).reader(may_write_files=True, moment=moment) as reader:
            return {name: _answer(partial(ask, reader), home) for name, ask in _QUESTIONS.items()}
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader was told
        return dict.fromkeys(_QUESTIONS, error)


def _answer(ask: Callable[[], object], home: Path) -> object:
    try:
        return repr(ask()).replace(str(home), "HOME")
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader was told
        return error


def _exported(reader: Reader) -> str:
    with tempfile.TemporaryDirectory(prefix="paperlog-flips-") as folder:
        return reader.export(Path(folder))


def _question(name: str) -> Callable[[Reader], object]:
    return lambda reader: reader.query(ANSWERS.text(name)).rows


def _search(word: str) -> Callable[[Reader], object]:
    return lambda reader: search(reader, word)


_QUESTIONS: Mapping[str, Callable[[Reader], object]] = {
    "export": _exported,
    **{name: _question(name) for name in ANSWERS.names()},
    **{f"search {word}": _search(word) for word in WORDS},
}


def _sure(environment: Mapping[str, str], *arguments: object) -> None:
    done = said(environment, *arguments)
    if done.code:
        raise RuntimeError(f"{arguments} ended with {done.code}: {done.err}")
