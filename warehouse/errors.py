"""What can go wrong with the warehouse, worded so that a person knows what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from transforms.errors import PaperlogError, remedy_of

# Something else, or nothing, stands where the file should be: not the surroundings, but the home is wrong.
_WRONG_HERE = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP})


class WarehouseError(PaperlogError):
    """The warehouse cannot do it; nothing was half done."""


class WarehouseBusyError(WarehouseError):
    """Another process holds the writer's lock; a retry may help."""


class QueryTooSlowError(WarehouseError):
    """A query took longer than its caller allows, and was interrupted."""


class BatchRefusedError(WarehouseError):
    """A batch contradicts itself; the whole transaction was rolled back."""


class SurroundingsError(WarehouseError):
    """A right, the disk or another program is in the way now; nothing is known of the content of the file."""


def unreadable(path: Path, error: OSError) -> WarehouseError:
    """What a file that cannot be read means, with the remedy where only the surroundings are in the way."""
    if error.errno in _WRONG_HERE:
        return WarehouseError(f"{path} is missing" if error.errno == errno.ENOENT else f"{path} is no file")
    return SurroundingsError(f"{path} cannot be read now: {error.strerror}; {remedy_of(error)}")
