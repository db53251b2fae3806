"""Where the moments of hosts are kept: when each was asked last, and until when it wants no request at all.

In memory, or in small files that all processes of one user share; where machines share a lake, it has a third place.
The last request and a short pause are by the monotonic clock, which nobody can set, and last until the machine
restarts. A long wait that a host asks for is by the time of day.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import math
import os
import stat
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transforms.hosts import Closed, Found, Moment, PaceError, closed_between

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BYTES_MAX = 400


def _time_of_day() -> datetime:
    return datetime.now(UTC)


class InMemory:
    """Here, in dictionaries."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = _time_of_day
    ) -> None:
        """`clock` is monotonic; only what a host asks for by itself goes by the time of day, `now`."""
        self._clock = clock
        self._now = now
        self._moments: defaultdict[str, Moment] = defaultdict(lambda: Moment(now=clock()))
        self._closed: dict[str, Closed] = {}
        self._lock = threading.Lock()

    def held(self, host: str, use: Callable[[Moment], Found]) -> Found:
        """As `Moments.held`."""
        with self._lock:
            moment = self._moments[host]
            moment.now = self._clock()
            return use(moment)

    def close(self, host: str, seconds: float) -> None:
        """As `Moments.close`."""
        now = self._now()
        self._closed[host] = Closed(said_at=now, until=now + timedelta(seconds=seconds))

    def closed(self, host: str) -> Closed | None:
        """As `Moments.closed`."""
        closed = self._closed.get(host)
        return closed if closed and closed.holds(self._now()) else None

    def disconnect(self) -> None:
        """Nothing is open."""


class InFiles:
    """The same in two small files per host, in a folder of this user alone. Every trouble is a PaceError."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = _time_of_day
    ) -> None:
        """`clock` is monotonic and the same for every process of a machine: setting the time of day changes nothing.

        Only what a host asks for by itself goes by the time of day, `now`. Raises PaceError if the folder is unusable.
        """
        with _told(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _require_own(folder, os.lstat(folder), stat.S_ISDIR)
        self._folder = folder
        self._clock = clock
        self._now = now
        # The monotonic clock starts again at each boot: moments of an earlier one mean nothing.
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"

    def held(self, host: str, use: Callable[[Moment], Found]) -> Found:
        """As `Moments.held`."""
        with self._open(self._file(host)) as descriptor:
            moment = self._moment_in(os.pread(descriptor, _BYTES_MAX, 0))
            before = replace(moment)
            found = use(moment)
            if moment != before:
                _write(descriptor, f"{self._boot} {moment.asked_at:.6f} {moment.paused_until:.6f} {host}\n")
            return found

    def close(self, host: str, seconds: float) -> None:
        """As `Moments.close`."""
        now = self._now().timestamp()
        with self._open(self._file(host).with_suffix(".closed")) as descriptor:
            _write(descriptor, f"{now:.0f} {now + seconds:.0f} {host}\n")

    def closed(self, host: str) -> Closed | None:
        """As `Moments.closed`; a damaged file says nothing."""
        file = self._file(host).with_suffix(".closed")
        if not file.exists() and not file.is_symlink():
            return None
        with self._open(file) as descriptor:
            words = os.pread(descriptor, _BYTES_MAX, 0).decode("ascii", "replace").split()
        try:
            said_at, until = map(int, words[:2])
        except ValueError:
            return None
        closed = closed_between(said_at, until, f"remove {file}")
        return closed if closed and closed.holds(self._now()) else None

    def disconnect(self) -> None:
        """Nothing is open between two looks."""

    def _file(self, host: str) -> Path:
        return self._folder / hashlib.sha256(host.encode()).hexdigest()[:16]

    @contextmanager
    def _open(self, file: Path) -> Iterator[int]:
        with _told(file):
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
            descriptor = os.open(file, flags, 0o600)
            try:
                _require_own(file, os.fstat(descriptor), stat.S_ISREG)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield descriptor
            finally:
                os.close(descriptor)

    def _moment_in(self, content: bytes) -> Moment:
        """The moment in the file; an empty one if it is new, damaged, or from before the machine was started."""
        now = self._clock()
        boot, *words = content.decode("ascii", "replace").split() or [""]
        try:
            asked_at, paused_until = map(float, words[:2])
        except ValueError:
            return Moment(now=now)
        if boot != self._boot or math.isnan(asked_at) or math.isnan(paused_until):
            return Moment(now=now)
        return Moment(now=now, asked_at=asked_at, paused_until=paused_until)


def _write(descriptor: int, line: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, line.encode(), 0)


def _require_own(path: Path, found: os.stat_result, is_right_kind: Callable[[int], bool]) -> None:
    """Another user could read or forge what stands there, or have it written to a file of the user's own."""
    if not is_right_kind(found.st_mode):
        raise PaceError(f"{path} is a link or of another kind than Paperlog makes: {_ADVICE}")
    if found.st_uid != os.getuid():
        raise PaceError(f"{path} belongs to another user: {_ADVICE}")
    if found.st_mode & 0o022:
        raise PaceError(f"{path} can be written by other users: take that right away (chmod go-w), or {_ADVICE}")
    if stat.S_ISREG(found.st_mode) and found.st_nlink != 1:
        raise PaceError(f"{path} has a second name elsewhere: {_ADVICE}")


_ADVICE = "name another folder in PAPERLOG_PACE"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise PaceError(f"{path} is a link: {_ADVICE}") from error
        raise PaceError(f"{path}: {error.strerror or error}: the rate cannot be kept there; {_ADVICE}") from error
