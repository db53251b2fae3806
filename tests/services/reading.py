"""`python -m tests.services.reading`: opens the published state again and again, until a line comes on standard input.

Each time it makes the digest of all facts anew and compares it with the manifest among them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from select import select

from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from transforms.errors import PaperlogError
from warehouse import Warehouse

PAUSE_SECONDS = 0.2


@dataclass(slots=True)
class Read:
    """What a reader met: how often it opened, which states it saw, what it could not read, what was not whole."""

    opens: int = 0
    digests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)


def look(warehouse: Warehouse, facts: Path, read: Read) -> None:
    """Open and digest what is published once."""
    read.opens += 1
    try:
        with warehouse.reader(may_write_files=True) as reader:
            ((said,),) = reader.query("select digest from ops.manifest").rows
            digest = reader.export(facts)
    except PaperlogError as error:
        read.errors.append(f"{type(error).__name__}: {error}")
        return
    if digest != said:
        read.torn.append(f"the facts digest to {digest}, the manifest says {said}")
    if digest not in read.digests:
        read.digests.append(digest)


def read_until_told() -> Read:
    """Look again and again."""
    read, warehouse = Read(), warehouse_of(from_environment())
    with tempfile.TemporaryDirectory() as folder:
        while not select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
            look(warehouse, Path(folder) / f"facts-{read.opens}", read)
    return read


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(read_until_told())) + "\n")
