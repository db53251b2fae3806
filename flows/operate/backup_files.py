"""Copies files of a home into a back-up, and tells which of the landing are damaged.

A copy equals its original, also where that is damaged. But a page bears the hash of its content as its name, and a
reading the name of what is in it, so that damage shows before the good copy of an earlier back-up is given up for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import LandingError, UnreadableError
from extractors.landing.landing import READINGS, Landing
from extractors.landing.storage import Folder
from flows.operate.backup_list import BackupError, KeptFile, copied, every_file, is_whole

READ_AGAIN = "take it from an older back-up, or ingest or adopt the same page again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copier:
    """From where to where, and what an earlier back-up has there already, by its path in the home."""

    home: Path
    folder: Path
    known: Mapping[str, KeptFile]

    def copy(self, source: Path, prefix: str = "") -> KeptFile:
        """Copy a file of the home to the same path in the back-up, below a folder of its own if there is a prefix."""
        path = source.relative_to(self.home).as_posix()
        sha256, size = copied(source, self.folder / f"{prefix}{path}")
        return KeptFile(path=path, kept_as=f"{prefix}{path}", sha256=sha256, size=size)

    def whole(self, source: Path) -> KeptFile | None:
        """What is in the back-up of a file that never changes; None if it is not there or damaged."""
        found = self.known.get(source.relative_to(self.home).as_posix())
        return found if found and is_whole(self.folder / found.kept_as, found.sha256) else None


def copy_landing(copier: Copier, landing: Path) -> Iterator[tuple[KeptFile, str | None]]:
    """Copy the files of the landing that are not whole in the back-up yet; with each, what is wrong with the home's.

    They never change. Raises BackupError if the home lacks one that the back-up has.
    """
    sources = _listed(landing)
    names = {path.relative_to(copier.home).as_posix() for path in sources}
    if lost := sorted(name for name in copier.known if name.startswith(f"{landing.name}/") and name not in names):
        raise BackupError(
            f"{len(lost)} files of the landing that are in {copier.folder} are missing in {copier.home}, first "
            f"{lost[0]}: it is the back-up of another home, or they were lost. Restore it elsewhere and compare, or "
            "back up into another folder"
        )
    for path in sources:
        yield _kept(copier, landing, path)


def damage(landing: Path, path: Path) -> str | None:
    """What is wrong with a file of a landing by its own name; None if nothing is, or if its name does not tell.

    Raises UnreadableError where a right or the disk is in the way.
    """
    try:
        Landing(Folder(landing)).require_whole(path.relative_to(landing).as_posix())
    except UnreadableError:
        raise
    except LandingError as error:
        return str(error)
    return None


def _listed(landing: Path) -> list[Path]:
    """The readings first: a page is kept before its reading, so that no reading is copied without its page."""
    readings = set(every_file(landing / READINGS))
    return sorted(
        path for path in every_file(landing) if path in readings or path.relative_to(landing).parts[0] != READINGS
    )


def _kept(copier: Copier, landing: Path, path: Path) -> tuple[KeptFile, str | None]:
    """What the back-up has stays if it is good, or if the home's is no better."""
    here, known = damage(landing, path), copier.whole(path)
    if known is None:
        return copier.copy(path), here and f"{here}; it was copied as it is: {READ_AGAIN}"
    copy = copier.folder / known.kept_as
    there = damage(copier.folder / landing.name, copy)
    if here:
        return known, f"{here}; {READ_AGAIN if there else f'{copy} is whole: copy it back'}"
    if there:
        return copier.copy(path), None
    if not is_whole(path, known.sha256) and path.suffix != ".zst":  # a page may be packed anew, into other bytes
        return known, f"{path} is not what {copy} is, and it never changes: compare them, and copy the right one back"
    return known, None
