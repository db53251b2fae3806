from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.engines import Engine
from tests.support.real import real_warehouse
from transforms.records import Batch, RunOutcome
from warehouse import Warehouse, move

Rows = list[tuple[object, ...]]


@pytest.fixture
def warehouse(engine: Engine, tmp_path: Path) -> Warehouse:
    """An empty warehouse, once in a file and once in a lake."""
    return engine.warehouse(tmp_path / "home")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Warehouse:
    """The warehouse of all real data, one for all processes of this session; whoever asks is marked `shared_data`."""
    base = tmp_path_factory.getbasetemp()
    return real_warehouse((base if worker_id == "master" else base.parent) / "real")


@pytest.fixture(scope="module")
def real_on(engine: Engine, real: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The same real data in each engine: into a lake they are moved."""
    if not engine.is_lake:
        return real
    warehouse = engine.warehouse(tmp_path_factory.mktemp("real"))
    move(real, warehouse)
    with warehouse.writer("real data") as writer:
        writer.publish()
    return warehouse


@pytest.fixture
def load(warehouse: Warehouse) -> Callable[..., Sequence[RunOutcome]]:
    """Load batches in one transaction and publish a plain copy."""

    def loaded(*batches: Batch) -> Sequence[RunOutcome]:
        with warehouse.writer("test") as writer:
            outcomes = writer.load(batches)
            writer.publish(full=False)
        return outcomes

    return loaded


@pytest.fixture
def ask(warehouse: Warehouse) -> Callable[[str], Rows]:
    """Answer a query on the published snapshot."""

    def answered(sql: str) -> Rows:
        with warehouse.reader() as reader:
            return list(reader.query(sql).rows)

    return answered


@pytest.fixture
def indexed(tmp_path: Path) -> Callable[..., Rows]:
    """What the resolver's side index of a home holds: every block key with its sighting, and what is stored of it."""

    def held(home: Path = tmp_path / "home") -> Rows:
        with closing(sqlite3.connect(home / "resolver.sqlite")) as database:
            return database.execute(
                "select block_key, sighting_key, stored "
                "from (select * from postings union all select * from settled_postings) "
                "join records using (record) order by 1, 2"
            ).fetchall()

    return held


@pytest.fixture
def digest(warehouse: Warehouse, tmp_path: Path) -> Callable[[], str]:
    """The digest of an export of the published snapshot."""

    def exported() -> str:
        with warehouse.reader(may_write_files=True) as reader:
            return reader.export(tmp_path / "export")

    return exported
