"""What the machine gives: Python, packages, the home with its disk and locks, the clock."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from extractors.landing.landing import time_in_name
from flows.operate.diagnosis import Diagnosis, fail, ok, warn
from flows.places.warehouse import lake_of
from flows.settings import CONFIG, Settings, unknown_variables, values_of
from transforms.errors import PaperlogError, remedy_of
from warehouse import WORKING, missing_fts5
from warehouse.lake.look import look_at

TESTED = ((3, 11), (3, 12), (3, 13))
# A publish holds a copy and a rewritten copy of the warehouse for a while, beside the two that stay.
COPIES = 3
FREE_BYTES_MIN = 200_000_000
# A reading's name begins with the time of reading.
_BEGINS = re.compile(r"[0-9]{8}T[0-9]{6}")
CLOCK_TOLERANCE = timedelta(minutes=5)


def python() -> Iterator[Diagnosis]:
    """The interpreter, and what is installed beside it."""
    found = sys.version.split()[0]
    if sys.version_info[:2] in TESTED:
        yield ok("python", found)
    else:
        yield warn("python", f"{found} was not tried", f"use Python {', '.join(f'3.{minor}' for _, minor in TESTED)}")
    wrong = list(_wrong_packages())
    remedy = "install exactly what requirements.lock names"
    yield fail("packages", ", ".join(wrong), remedy) if wrong else ok("packages", "as they are required")
    trouble = missing_fts5()
    python_remedy = "use a Python whose SQLite has it"
    yield warn("search", trouble, python_remedy) if trouble else ok("search", "this Python's SQLite has FTS5")


def _wrong_packages() -> Iterator[str]:
    """Required packages that are missing, or pinned and installed in another version."""
    for each in requires("paperlog") or ():
        found = re.match(r"([\w.-]+)(?:\[[^]]*\])?(?:==([\w.]+))?", each)
        if found is None or "extra ==" in each:
            continue
        try:
            installed = version(found[1])
        except PackageNotFoundError:
            yield f"{found[1]} is missing"
        else:
            if found[2] and found[2] != installed:
                yield f"{found[1]} is {installed}, not {found[2]}"


def setting_values() -> Iterator[Diagnosis]:
    """Slips in the names of variables, and a settings file with secrets that others may read."""
    yield from (warn("settings", line, "`paperlog config` shows what is used") for line in unknown_variables())
    values = values_of()
    path = Path(values[CONFIG].text).expanduser()
    secret = [each.variable.key for each in values.values() if each.variable.is_secret and str(path) in each.origin]
    if secret and path.stat().st_mode & 0o077:
        yield warn("settings", f"others may read {', '.join(map(str, secret))} in {path}", f"chmod 600 {path}")
    else:
        yield ok("settings", str(path) if path.exists() else "no settings file")


def home(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the home can be written, has room, and keeps locks."""
    folder = _existing(settings.home)
    made = "" if folder == settings.home else ", not made yet"
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
            lock_trouble = _lock_trouble(Path(file.name))
    except OSError as error:
        detail = f"{folder} cannot be written by user {os.geteuid()}: {error.strerror}"
        yield fail("home", detail, remedy_of(error))
        return
    yield ok("home", f"{settings.home}{made}")
    remedy = "keep the home on a disk of this machine"
    yield fail("locks", lock_trouble, remedy) if lock_trouble else ok("locks", "this file system keeps them")
    yield room(settings)
    yield from _strangers(settings.home)


def lake(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the lake can be read, files and all, and whether this role may write to it; nothing where it is none."""
    try:
        if (address := lake_of(settings)) is None:
            return
        found = look_at(address, settings.home)
    except PaperlogError as error:
        yield fail("lake", str(error), "see docs/lake.md")
        return
    remedy = "; ".join(found.lacks)
    if found.lacks and not found.is_made:
        yield fail("lake", f"the role {found.role} may not make it", f"as the database's owner: {remedy}")
    elif found.lacks:
        yield warn("lake", f"it can be read; the role {found.role} may not write to it", f"so that it may: {remedy}")
    else:
        said = "it can be read and written" if found.is_made else "the first writer makes its tables and its files"
        yield ok("lake", said)


def _lock_trouble(path: Path) -> str | None:
    """Why two processes that write could not wait for each other here; None if they can."""
    with path.open("a") as one, path.open("a") as other:
        try:
            fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        except OSError as error:
            return f"this file system gives no locks: {errno.errorcode.get(error.errno or 0)} {error.strerror}"
    return "this file system gives the same lock twice"


def room(settings: Settings) -> Diagnosis:
    """Whether the disk of the home has room for what a publish takes."""
    free = shutil.disk_usage(_existing(settings.home)).free
    working = settings.home / WORKING
    needed = COPIES * (working.stat().st_size if working.exists() else 0) + FREE_BYTES_MIN
    detail = f"{free / 1e9:,.1f} GB free, a publish may need {needed / 1e9:,.1f} GB"
    return ok("disk", detail) if free >= needed else fail("disk", detail, "make room, or move the home")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _strangers(home_folder: Path) -> Iterator[Diagnosis]:
    """Files of the home that this user cannot read or write: made by a command that another user ran."""
    if not home_folder.exists():
        return
    foreign = [path for path in home_folder.rglob("*") if not (path.is_symlink() or _is_usable(path))]
    if foreign:
        detail = f"user {os.geteuid()} may not use {len(foreign)} files in it, such as {foreign[0]}"
        yield fail("home", detail, "give them to the one user that runs Paperlog")


def _is_usable(path: Path) -> bool:
    return os.access(path, os.R_OK | (os.W_OK if path.is_dir() else 0), effective_ids=True)


def clock(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the clock runs behind what was kept or written: pages read now would carry a wrong time."""
    now, newest = datetime.now(UTC), _newest(settings)
    if newest is None or newest <= now + CLOCK_TOLERANCE:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")
    else:
        detail = f"it is {now:%Y-%m-%d %H:%M} UTC, and something in the home is of {newest:%Y-%m-%d %H:%M} UTC"
        yield fail("clock", detail, "set the clock; if it is right, see the runbook: a clock that jumped")


def _newest(settings: Settings) -> datetime | None:
    """The latest time of reading in a name of the landing, or of a change of a file of the warehouse."""
    names = (path.name for path in settings.landing.glob("readings/*/*.json") if _BEGINS.match(path.name))
    read = [time_in_name(name) for name in names]
    changed = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in settings.home.glob("*.duckdb")]
    return max((*read, *changed), default=None)
