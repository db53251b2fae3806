"""The names of all files in a home directory; only the landing store, which the extractors keep, is not among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """One home directory."""

    directory: Path

    @property
    def working(self) -> Path:
        """The writer's database."""
        return self.directory / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        """Held by the one writer; names it for those who wait."""
        return self.directory / "writer.lock"

    @property
    def index(self) -> Path:
        """The resolver's side index; may be deleted at any time."""
        return self.directory / "resolver.sqlite"

    @property
    def snapshot(self) -> Path:
        """The published database that readers open; its stem is the database's name in SQL."""
        return self.directory / "paperlog.duckdb"

    @property
    def manifest(self) -> Path:
        """The published snapshot's manifest as JSON."""
        return self.directory / "manifest.json"

    @property
    def kept(self) -> Path:
        """Folder of the kept snapshots."""
        return self.directory / "snapshots"

    @property
    def scratch(self) -> Path:
        """Folder in which a snapshot is made before it replaces the published one."""
        return self.directory / ".publishing"
