"""The names of the files in a home directory; the landing store beside them belongs to the extractors."""

from __future__ import annotations

from typing import Final

WORKING: Final = "warehouse.duckdb"
"""The writer's database."""

SNAPSHOT: Final = "paperlog.duckdb"
"""The published database, the one that readers open; its stem is the database's name in SQL."""

MANIFEST: Final = "manifest.json"
"""The published snapshot's manifest."""

KEPT: Final = "snapshots"
"""Folder of the kept snapshots."""

SEARCH: Final = "search"
"""Folder of the published snapshot's search index, and of the one before it."""

LOCK: Final = "writer.lock"
"""Locked by the one writer; its text names the writer for those who wait."""

INDEX: Final = "resolver.sqlite"
"""The resolver's side index; may be deleted at any time."""

LEDGER: Final = "digests.sqlite"
"""Who was told what: nothing else in the home can make it again."""

LEDGER_LOCK: Final = "digests.lock"
"""Locked by whoever sends digests."""

SCRATCH: Final = ".publishing"
"""Folder in which a snapshot is made before it replaces the published one."""
