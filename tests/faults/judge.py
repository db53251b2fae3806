"""What a fault left behind: how the command ended, what the home holds, and whether the next run heals it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from tests.faults.library import Point, failing, has_failed
from tests.faults.stages import Done, Program, Stage, called, counts_of, environment_of
from transforms.search.query import SearchQuery
from warehouse import WarehouseError, open_warehouse, search
from warehouse.database.connection import opened
from warehouse.database.files import hash_of
from warehouse.home import WORKING
from warehouse.publish.kept import kept_files
from warehouse.publish.proof import faults
from warehouse.read.export import digest

# Nothing is damaged by an error of the surroundings, and whoever follows such advice loses what is sound.
_DAMAGE = re.compile(
    r"\b(rebuild|restore|remove it|was deleted|damaged|not a reading that|another program|is missing|replay)\b"
)
# SQLite and DuckDB have words of their own for what the system answered.
_IN_OTHER_WORDS = (
    "disk I/O error",
    "unable to open database file",
    "database or disk is full",
    "fsync failed",
    "locking protocol",
    "attempt to write a readonly database",
    "database is locked",
    "Could not set lock",
)
_NAMES_A_FILE = re.compile(r"\b(warehouse|paperlog|working)\.duckdb|resolver\.sqlite|search\b|writer\.lock|/home\b")
# Below the reason: what is safe, and the command that mends it.
_WHAT_TO_DO = ("what was loaded stays", "the same command again")
_AS_PUBLISHED = "select (select count(*) from papers) = (select row_counts['papers'] from ops.manifest)"
_LEFTOVERS = ("**/.*.tmp", "**/.*.new", ".publishing")
# The digest of an undisturbed run, by the sum of the landing that it read: many points leave the same pages behind.
_undisturbed: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one point. `is_met` is false where the call did not come, so that nothing failed.

    `unclear` says what is wrong with the end, `broken` what is wrong with the home: both empty when all is well.
    """

    point: Point
    is_met: bool
    code: int | None
    said: str
    unclear: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def judged(
    stage: Stage, point: Point, number: int, program: Program, folder: Path, base: str, *, is_lasting: bool = False
) -> Verdict:
    """Run the stage's command on a copy of its home with that call failing, then look, heal, and look again."""
    place = folder / f"point-{os.getpid()}"
    home, log = place / "home", place / "log"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(stage.home, home)
    environment = environment_of(home, base)
    fault = failing(home, log, point, number, is_lasting=is_lasting)
    done = program.run(stage.command, {**environment, **fault}, folder, place / "said")
    looks = (
        _left(stage.home, home),
        _unread(home),
        _unhealed(stage, home, environment, folder),
        _otherwise(home, environment, place),
    )
    broken = [what for look in looks for what in _whole(look)]
    return Verdict(
        point=point,
        is_met=has_failed(log),
        code=done.code,
        said=done.said,
        unclear=tuple(_unclear(done, number, point)),
        broken=tuple(broken),
    )


def _whole(look: Iterator[str]) -> Iterator[str]:
    """What the look found; that it could not look to its end is a finding too."""
    try:
        yield from look
    except Exception as error:  # noqa: BLE001 - whatever it is, the other points are still to be tried
        yield f"not healed, or not to be looked at: {type(error).__name__}: {error}"


def _unclear(done: Done, number: int, point: Point) -> Iterator[str]:
    """What is wrong with the way in which the command ended: one line names the cause, and the file if it is one."""
    if done.code is None:
        yield "hang"
    elif done.code not in {0, 1}:
        yield f"exit code {done.code}"
    if "Traceback" in done.said:
        yield "traceback"
    elif done.code == 1 and not done.said.strip():
        yield "silence"
    elif done.code == 1 and not any(cause in done.said for cause in (os.strerror(number), *_IN_OTHER_WORDS)):
        yield "cause not named"
    elif done.code == 1 and point.path != "socket" and not _NAMES_A_FILE.search(done.said):
        yield "no file named"
    lines = [each for each in done.said.strip().splitlines() if not each.startswith(_WHAT_TO_DO)]
    if done.code == 1 and len(lines) > 1 and "Traceback" not in done.said:
        yield "more than one line"
    if done.code == 0 and done.said.strip():
        yield "complaint with exit code 0"
    if _DAMAGE.search(done.said):
        yield "told as damage"


def _left(before: Path, home: Path) -> Iterator[str]:
    """What of the kept pages is lost or changed, and what cannot be read back."""
    for path in sorted((before / "landing").rglob("*")):
        now = home / path.relative_to(before)
        if path.is_file() and (not now.is_file() or now.read_bytes() != path.read_bytes()):
            yield f"lost: {now.relative_to(home)}"
    landing = Landing(Folder(home / "landing"))
    for kept in landing.readings():
        landing.load(kept)  # raises for a page that is lost or damaged


def _unread(home: Path) -> Iterator[str]:
    """What a reader who comes now would meet."""
    if not (home / "paperlog.duckdb").exists():
        return
    try:
        with open_warehouse(str(home)).reader() as reader:
            if reader.query(_AS_PUBLISHED).rows != ((True,),):
                yield "the snapshot has another count than its manifest"
            yield from (f"integrity before healing: {row}" for row in reader.named("integrity").rows)
            if ((search(reader, SearchQuery()).total,),) != reader.query("select count(*) from papers").rows:
                yield "a search finds another number of papers than the snapshot has"
        for path in kept_files(home):
            yield from (f"a kept snapshot: {fault}" for fault in faults(path, path.with_suffix(".json"), "no remedy"))
    except WarehouseError as error:
        yield f"readers are blocked: {error}"


def _unhealed(stage: Stage, home: Path, environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Whether the same command, undisturbed, mends everything."""
    for command in (stage.command, ("publish",)) if "--no-publish" in stage.command else (stage.command,):
        done = called(command, environment, folder)
        if done.code != 0 or done.said.strip():
            yield f"not healed: {command[0]} ended with {done.code}: {done.said.strip()}"
    if (counts := counts_of(home)) != stage.row_counts:
        yield f"not healed: {dict(counts)} instead of {dict(stage.row_counts)}"
    with open_warehouse(str(home)).reader() as reader:
        if reader.query("select digest from ops.manifest").rows != ((_digest(home),),):
            yield "not healed: manifest.json says something else than the snapshot"
        yield from (f"integrity: {row}" for row in reader.named("integrity").rows)
    for pattern in _LEFTOVERS:
        yield from (f"left behind: {path.relative_to(home)}" for path in home.glob(pattern))


def _otherwise(home: Path, environment: Mapping[str, str], place: Path) -> Iterator[str]:
    """Whether the healed home says what an undisturbed one over the same readings says."""
    kept = _sum_of(home / "landing")
    if kept not in _undisturbed:
        other = place / "undisturbed"
        done = called(("replay", "--no-publish", "--into", str(other)), environment, place)
        if done.code != 0:
            yield f"replay ended with {done.code}: {done.said.strip()}"
            return
        with opened(other / WORKING) as connection:
            _undisturbed[kept] = digest(connection).digest
    undisturbed = _undisturbed[kept]
    if _digest(home) != undisturbed:
        called(("replay",), environment, place)
        until = " until a replay" if _digest(home) == undisturbed else ""
        yield f"the digest differs{until} from that of an undisturbed run over the same pages"


def _sum_of(folder: Path) -> str:
    """The same for folders with the same files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return repr([(str(path.relative_to(folder)), hash_of(path)) for path in files])


def _digest(home: Path) -> object:
    """As the publish before told it: that of an export of the same state."""
    return msgspec.json.decode((home / "manifest.json").read_bytes())["digest"]
