"""Where a host's moments are kept: when it was asked last, and until when it wants no request at all.

In memory, or in small files that all processes of one user share. The last request and a short pause are by the
monotonic clock, which nobody can set, and last until the machine restarts. A long wait that a host
asks for is by the time of day.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import math
import os
import stat
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from transforms.errors import PaperlogError

# No host closes itself for longer: whoever says so has sent a wrong number.
CLOSED_MAX = timedelta(days=7)
# A clock that was set back by more shows that the file's times mean nothing now.
CLOCK_DIFFERENCE_MAX = timedelta(minutes=5)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BYTES_MAX = 400


class PaceError(PaperlogError):
    """The folder through which processes share the rate cannot be used; the message names it and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A host that asked to be left alone; `file` holds that and may be removed by a person who knows better."""

    said_at: datetime
    until: datetime
    file: Path | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still wants no request; never for longer than CLOSED_MAX, whatever the clock says."""
        return self.said_at - CLOCK_DIFFERENCE_MAX <= now < min(self.until, self.said_at + CLOSED_MAX)


@dataclass(slots=True, kw_only=True)
class Moment:
    """A host, by the monotonic clock: its last request, and until when a short pause holds for everybody."""

    asked_at: float = -math.inf
    closed_until: float = -math.inf


class Moments(Protocol):
    """What a pace needs to know of each host."""

    def held(self, host: str) -> AbstractContextManager[Moment]:
        """The host's moment, for one user at a time; what is changed in the block is kept."""

    def close(self, host: str, closed: Closed) -> None:
        """Remember that the host wants no request."""

    def closed(self, host: str) -> Closed | None:
        """What the host asked for, also if that is over."""


class InMemory:
    """Here, in dictionaries."""

    def __init__(self) -> None:
        self._moments: defaultdict[str, Moment] = defaultdict(Moment)
        self._closed: dict[str, Closed] = {}
        self._lock = threading.Lock()

    @contextmanager
    def held(self, host: str) -> Iterator[Moment]:
        """As `Moments.held`."""
        with self._lock:
            yield self._moments[host]

    def close(self, host: str, closed: Closed) -> None:
        """As `Moments.close`."""
        self._closed[host] = closed

    def closed(self, host: str) -> Closed | None:
        """As `Moments.closed`."""
        return self._closed.get(host)


class InFiles:
    """The same in two small files per host, in a folder of this user alone. Every trouble is a PaceError."""

    def __init__(self, folder: Path) -> None:
        with _told(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _require_own(folder, os.lstat(folder), stat.S_ISDIR)
        self._folder = folder
        # The monotonic clock starts again at each boot: moments of an earlier one mean nothing.
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"

    @contextmanager
    def held(self, host: str) -> Iterator[Moment]:
        """As `Moments.held`."""
        with self._open(self._file(host)) as descriptor:
            moment = self._moment_in(os.pread(descriptor, _BYTES_MAX, 0))
            before = replace(moment)
            yield moment
            if moment != before:
                _write(descriptor, f"{self._boot} {moment.asked_at:.6f} {moment.closed_until:.6f} {host}\n")

    def close(self, host: str, closed: Closed) -> None:
        """As `Moments.close`."""
        with self._open(self._file(host).with_suffix(".closed")) as descriptor:
            _write(descriptor, f"{closed.said_at.timestamp():.0f} {closed.until.timestamp():.0f} {host}\n")

    def closed(self, host: str) -> Closed | None:
        """As `Moments.closed`; a damaged file says nothing."""
        file = self._file(host).with_suffix(".closed")
        if not file.exists() and not file.is_symlink():
            return None
        with self._open(file) as descriptor:
            words = os.pread(descriptor, _BYTES_MAX, 0).decode("ascii", "replace").split()
        try:
            said_at, until = (datetime.fromtimestamp(int(word), UTC) for word in words[:2])
        except (ValueError, OverflowError, OSError):
            return None
        return Closed(said_at=said_at, until=until, file=file)

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
        boot, *words = content.decode("ascii", "replace").split() or [""]
        try:
            asked_at, closed_until = map(float, words[:2])
        except ValueError:
            return Moment()
        if boot != self._boot or math.isnan(asked_at) or math.isnan(closed_until):
            return Moment()
        return Moment(asked_at=asked_at, closed_until=closed_until)


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
