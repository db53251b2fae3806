"""The folder of a site: only what changed is written, what is not ours is left alone, and a killed run heals.

A manifest in it names the files that a site wrote, with their hashes. New files wait in a folder beside them until all
of them are made; until then the site stays as it was. Before the first one takes its place the manifest names them all:
what a run that was stopped in between left behind is known to the next one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

import msgspec

from extractors.landing.files import write_whole
from transforms.errors import PaperlogError, naming

MANIFEST = ".paperlog-site.json"
WAITING = ".paperlog-site-"
VERSION = 1


class SiteFolderError(PaperlogError):
    """The folder cannot be used; the message names the file that is in the way and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """The files that a site wrote, by path, with their SHA-256."""

    files: Mapping[str, str]
    version: int = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a run did to the folder. `left` are files of ours that somebody changed and that are no longer made."""

    files: int
    bytes: int
    written: int
    removed: int
    left: tuple[str, ...]


class SiteFolder:
    """A folder that is being written. `add` may be called by several processes, each with a `Writing` of its own."""

    def __init__(self, root: Path, waiting: Path) -> None:
        self.root, self.waiting = root, waiting
        self._owned = _owned_in(root)

    def writing(self) -> Writing:
        """What writes files into it."""
        return Writing(root=self.root, waiting=self.waiting)

    def finish(self, made: Mapping[str, Written]) -> Changes:
        """Put the files that wait into their places, and remove those of ours that are no longer made.

        Raises SiteFolderError before anything is changed if a file that is not ours is in the way.
        """
        changed = sorted(path for path, each in made.items() if each.is_changed)
        for path in changed:
            self._require_ours(path)
        files = {path: each.sha256 for path, each in sorted(made.items())}
        gone = sorted(self._owned.files.keys() - files.keys())
        if changed:
            os.sync()
            self._remember({**self._owned.files, **files})
        for path in changed:
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.waiting / path).replace(target)
        left = tuple(path for path in gone if not self._remove(path))
        if files != self._owned.files or changed:
            os.sync()
            self._remember(files)
        size = sum(each.size for each in made.values())
        removed = len(gone) - len(left)
        return Changes(files=len(files), bytes=size, written=len(changed), removed=removed, left=left)

    def _require_ours(self, path: str) -> None:
        for parent in Path(path).parents[:-1]:
            place = self.root / parent
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                raise SiteFolderError(f"{place} is no folder of this site: move it away, or choose another folder")
        target = self.root / path
        if os.path.lexists(target) and path not in self._owned.files:
            said = "was not written by `paperlog site`, and is not replaced"
            raise SiteFolderError(f"{target} {said}: move it away, or choose another folder")
        if target.is_dir() and not target.is_symlink():
            raise SiteFolderError(f"{target} is a folder where a page belongs: move it away, or choose another folder")

    def _remember(self, files: Mapping[str, str]) -> None:
        """The manifest is written whole; its folder is flushed with it."""
        body = msgspec.json.format(msgspec.json.encode(Owned(files=files)), indent=0)
        write_whole(self.root / MANIFEST, body + b"\n")
        (self.root / MANIFEST).chmod(0o644)

    def _remove(self, path: str) -> bool:
        """Remove a file that is as it was written, and folders that it leaves empty; whether it is gone."""
        target = self.root / path
        if any((self.root / parent).is_symlink() for parent in Path(path).parents[:-1]):
            return False
        try:
            body = None if target.is_symlink() else target.read_bytes()
        except FileNotFoundError:
            return True
        except (IsADirectoryError, NotADirectoryError):
            return False
        if body is None or sha256(body).hexdigest() != self._owned.files[path]:
            return False
        target.unlink()
        for parent in target.parents:
            if parent == self.root or any(parent.iterdir()):
                break
            parent.rmdir()
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file: its hash, how long it is, and whether it differs from what is in the folder."""

    sha256: str
    size: int
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Writes files to where they wait; what the folder has already is not written again."""

    root: Path
    waiting: Path

    def add(self, path: str, body: bytes) -> Written:
        """One file. An OSError names it."""
        is_changed = not self._has(path, body)
        if is_changed:
            target = self.waiting / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with naming(target):
                target.write_bytes(body)
        return Written(sha256=sha256(body).hexdigest(), size=len(body), is_changed=is_changed)

    def _has(self, path: str, body: bytes) -> bool:
        target = self.root / path
        try:
            return not target.is_symlink() and target.stat().st_size == len(body) and target.read_bytes() == body
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False


@contextmanager
def opened(root: Path) -> Iterator[SiteFolder]:
    """A folder for one run at a time, made if there is none; what waits in it is gone afterwards.

    Raises SiteFolderError if it is no folder, another run is writing it, or its manifest is damaged.
    """
    if root.exists() and not root.is_dir():
        raise SiteFolderError(f"{root} is no folder: name one, or one that is to be made")
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SiteFolderError(f"another `paperlog site` is writing {root}: wait for its end") from None
        for left in root.glob(f"{WAITING}*"):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)  # of a run that was killed
        waiting = Path(mkdtemp(prefix=WAITING, dir=root))
        try:
            yield SiteFolder(root, waiting)
        finally:
            shutil.rmtree(waiting, ignore_errors=True)
    finally:
        os.close(descriptor)


def _owned_in(root: Path) -> Owned:
    path = root / MANIFEST
    try:
        owned = msgspec.json.decode(path.read_bytes(), type=Owned)
    except FileNotFoundError:
        return Owned(files={})
    except msgspec.MsgspecError as error:
        raise _damaged(path, str(error)) from error
    for each in map(PurePosixPath, owned.files):
        if each.is_absolute() or ".." in each.parts:
            raise _damaged(path, f"it names {each}")
    return owned


def _damaged(path: Path, why: str) -> SiteFolderError:
    remedy = "move the folder away, and write the site anew"
    return SiteFolderError(f"{path} is damaged ({why}), and says which files are the site's own: {remedy}")
