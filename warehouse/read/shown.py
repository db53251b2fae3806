"""A copy of the snapshot for pages that everybody can open: without the texts and names that a source lets nobody show.

What is not in the copy is on no page made from it, whatever the page.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from transforms.errors import naming
from warehouse.database.connection import REPUBLISH, connect
from warehouse.database.files import spill_of
from warehouse.database.sql import Statements, append
from warehouse.database.trouble import clearly
from warehouse.home import SNAPSHOT
from warehouse.read.reader import require_readable

_sql = Statements(__package__)
_steps = Statements(__package__, "sql/shown")


@contextmanager
def shown_copy(home: Path, contents: Collection[str], may_be_shown: Callable[[str, str], bool]) -> Iterator[Path]:
    """A home with a copy of the published snapshot that holds only what may be shown; it is gone afterwards.

    `may_be_shown` is asked for each source and service in it, and each of `contents`: `abstract`, `review`, `summary`,
    `account`. The copy's table `core.not_shown` says what was taken out of each paper, and `marts.papers` is a table,
    which is answered faster than the view. Raises WarehouseError if nothing is published, or it cannot be copied.
    """
    snapshot = home / SNAPSHOT
    require_readable(snapshot)
    with TemporaryDirectory(prefix="paperlog-shown-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, SNAPSHOT)
        with naming(copy):
            shutil.copyfile(snapshot, copy)
        with (
            clearly(copy, REPUBLISH),
            connect(copy, temp_directory=spill_of(copy.parent)) as connection,
        ):
            connection.execute("set TimeZone = 'UTC'")
            connection.begin()
            first, *rest = _steps.names()
            _steps.run(connection, first)
            sources = _sql.column(connection, "read_givers")
            pairs = ((source, content) for source in sources for content in contents)
            hidden = [
                {"source": source, "content": content} for source, content in pairs if not may_be_shown(source, content)
            ]
            append(connection, "core.terms", hidden)
            for name in rest:
                _steps.run(connection, name)
            connection.commit()
        yield copy.parent
