"""The places where a warehouse may keep its facts, alike to a test: a file, a lake on disk, a lake in an object store.

A lake on disk is a copy of one that is made once a session, because making one takes as long as three loads.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.lakes import Lake
from tests.support.services import PostgresServer, S3Server
from tests.support.small import built, fill, warehouse_in
from warehouse import Warehouse
from warehouse.lake.place.marker import MARKER

FILE = "file"
LAKE = pytest.param("lake", marks=pytest.mark.services)
LAKE_ON_S3 = pytest.param("lake on S3", marks=pytest.mark.services)

on_the_file = pytest.mark.parametrize("engine", [FILE], indirect=True)
"""For what looks at files of the embedded engine."""
on_the_lake = pytest.mark.parametrize("engine", [LAKE], indirect=True)


class Engine(ABC):
    """Makes warehouses of one kind, each known by its home."""

    @abstractmethod
    def warehouse(self, home: Path) -> Warehouse:
        """The warehouse of that home, which is empty at first."""

    @abstractmethod
    def variables(self, home: Path) -> Mapping[str, str]:
        """What tells the command line that home and its warehouse."""

    def small(self, home: Path) -> Warehouse:
        """The small warehouse, loaded and published for that home."""
        warehouse = self.warehouse(home)
        fill(warehouse)
        return warehouse

    @property
    def is_lake(self) -> bool:
        """Whether readers need no file."""
        return True


class Files(Engine):
    """A file in the home."""

    def warehouse(self, home: Path) -> Warehouse:
        """Everything is in the home."""
        return warehouse_in(home)

    def variables(self, home: Path) -> Mapping[str, str]:
        """The home says all."""
        return {"PAPERLOG_HOME": str(home)}

    def small(self, home: Path) -> Warehouse:
        """A copy."""
        return built(home)[0]

    @property
    def is_lake(self) -> bool:
        """It is none."""
        return False


class Catalogs:
    """The databases of lakes in a server, which are dropped together."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._names: list[str] = []

    def new(self, data: str | Path, s3: S3Server | None = None, template: str | None = None) -> Lake:
        """A lake in which nothing was written yet, with its files in that place."""
        self.server.start()
        name = f"lake_{uuid4().hex}"
        conninfo = self.server.database(name, template)
        self._names.append(name)
        return Lake(conninfo=conninfo, data=str(data), s3=s3)

    def copy(self, original: Lake, folder: Path) -> Lake:
        """A copy of a lake on disk, with its files in that folder; nobody may have the original open."""
        shutil.copytree(original.data, folder, ignore=shutil.ignore_patterns(MARKER))  # it is another lake's place
        made = self.new(folder, template=original.conninfo.partition("dbname=")[2].split()[0])
        # The one place that says where the files are; every file is named relative to it.
        with made.catalog() as catalog:
            moved = catalog.execute(
                "update ducklake_metadata set value = %s where key = 'data_path'", (f"{folder}/",)
            ).rowcount
        assert moved == 1
        return made

    def drop(self) -> None:
        """Drop them all."""
        self.server.start()  # a test may have failed while it was stopped
        while self._names:
            self.server.drop(self._names.pop())


class Originals:
    """Lakes on disk of which tests get copies, each made at its first use."""

    def __init__(self, catalogs: Catalogs, folder: Path) -> None:
        self._catalogs, self._folder = catalogs, folder

    @cached_property
    def empty(self) -> Lake:
        """One in which nothing was loaded."""
        return self._made("empty", lambda _: None)

    @cached_property
    def small(self) -> Lake:
        """The small warehouse, published."""
        return self._made("small", fill)

    def _made(self, name: str, fill_it: Callable[[Warehouse], object]) -> Lake:
        home = self._folder / name
        lake = self._catalogs.new(home / "lake")
        warehouse = lake.opened(home)
        with warehouse.writer("original"):
            pass
        fill_it(warehouse)
        return lake


class Lakes(Engine):
    """Lakes with their files below the home."""

    def __init__(self, catalogs: Catalogs, originals: Originals) -> None:
        self._catalogs, self._originals = catalogs, originals
        self._lakes: dict[Path, Lake] = {}

    def warehouse(self, home: Path) -> Warehouse:
        """The files are beside what else is in the home."""
        return self._lake(home).opened(home)

    def variables(self, home: Path) -> Mapping[str, str]:
        """The home and the lake."""
        return self._lake(home).variables(home)

    def small(self, home: Path) -> Warehouse:
        """A copy."""
        return self._lake(home, is_small=True).opened(home)

    def _lake(self, home: Path, *, is_small: bool = False) -> Lake:
        if home not in self._lakes:
            original = self._originals.small if is_small else self._originals.empty
            self._lakes[home] = self._catalogs.copy(original, home / "lake")
        return self._lakes[home]


class StoredLakes(Engine):
    """Lakes with their files in an object store."""

    def __init__(self, catalogs: Catalogs, server: S3Server) -> None:
        self._catalogs, self._server = catalogs, server
        self._lakes: dict[Path, Lake] = {}

    def warehouse(self, home: Path) -> Warehouse:
        """In the home is only what belongs to this machine."""
        return self._lake(home).opened(home)

    def variables(self, home: Path) -> Mapping[str, str]:
        """The home, the lake and the store."""
        return self._lake(home).variables(home)

    def _lake(self, home: Path) -> Lake:
        if home not in self._lakes:
            self._lakes[home] = self._catalogs.new(f"s3://{self._server.bucket}/{uuid4().hex}", self._server)
        return self._lakes[home]
