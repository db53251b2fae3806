"""The files of a lake belong to one database: a second one over the same place is refused, and deletes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.batches import batch, hours, sighting
from tests.support.lakes import Lake
from tests.support.services import PostgresServer
from warehouse import SurroundingsError, Warehouse, WarehouseError, move, open_warehouse
from warehouse.lake.place.marker import MARKER

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

AT_ONCE = timedelta(0)
OTHERS = "belong to another database"
COUNT = "select count(*) from papers"


@pytest.fixture
def second(postgres_server: PostgresServer) -> Iterator[str]:
    """How to connect to another empty database."""
    name = f"second_{uuid4().hex}"
    yield postgres_server.database(name)
    postgres_server.drop(name)


def load(warehouse: Warehouse, *, at: int = 0, papers: int = 20) -> None:
    """Load some papers and publish."""
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(number) for number in range(1, papers + 1)], at=hours(at))])
        writer.publish()


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def count(warehouse: Warehouse) -> object:
    with warehouse.reader() as reader:
        return reader.query(COUNT).rows[0][0]


@pytest.mark.parametrize("kind", ["lake", "s3_lake"])
def test_the_place_of_another_lake_is_refused(
    kind: str, request: pytest.FixtureRequest, second: str, home: Path, other: Path, tmp_path: Path
) -> None:
    lake: Lake = request.getfixturevalue(kind)
    load(lake.opened(home))
    intruder = replace(lake, conninfo=second).opened(other)
    with pytest.raises(WarehouseError, match=OTHERS) as caught:
        load(intruder)
    assert f"{lake.data}/{MARKER}" in str(caught.value)
    source = open_warehouse(str(tmp_path / "source"))
    load(source)
    refusals: list[Callable[[], object]] = [lambda: move(source, intruder), lambda: intruder.maintain(grace=AT_ONCE)]
    for refused in refusals:
        with pytest.raises(WarehouseError, match=OTHERS):
            refused()
    assert not intruder.has_facts()
    assert count(lake.opened(home)) == 20


@pytest.mark.parametrize("kind", ["lake", "s3_lake"])
def test_a_lake_that_has_no_marker_yet_gets_one(
    kind: str, request: pytest.FixtureRequest, second: str, home: Path, other: Path
) -> None:
    lake: Lake = request.getfixturevalue(kind)
    load(lake.opened(home))
    forget(lake)
    intruder = replace(lake, conninfo=second).opened(other)
    with pytest.raises(WarehouseError, match="holds files already, such as "):
        load(intruder)
    load(lake.opened(home), at=1, papers=30)
    with pytest.raises(WarehouseError, match=OTHERS):
        load(intruder)


def test_a_new_lake_needs_an_empty_place(lake: Lake, home: Path) -> None:
    mine = Path(lake.data) / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(WarehouseError, match=f"{lake.data} holds files already, such as {mine}: a new lake needs"):
        load(lake.opened(home))
    assert files_in(Path(lake.data)) == {mine}
    mine.unlink()
    load(lake.opened(home))


def test_a_copy_of_the_database_reads_and_takes_over_only_on_purpose(
    lake: Lake, home: Path, other: Path, postgres: str, postgres_server: PostgresServer
) -> None:
    load(lake.opened(home))
    before = files_in(Path(lake.data))
    name = f"copy_{uuid4().hex}"
    first = postgres.rpartition("dbname=")[2]
    try:
        copy = replace(lake, conninfo=postgres_server.database(name, template=first)).opened(other)
        assert count(copy) == 20
        refusals: list[Callable[[], object]] = [lambda: load(copy, at=1), lambda: copy.maintain(grace=AT_ONCE)]
        for refused in refusals:
            with pytest.raises(WarehouseError, match=OTHERS):
                refused()
        assert files_in(Path(lake.data)) == before
        (Path(lake.data) / MARKER).unlink()
        load(copy, at=1, papers=30)
        assert count(copy) == 30
        with pytest.raises(WarehouseError, match=OTHERS):
            lake.opened(home).maintain(grace=AT_ONCE)
    finally:
        postgres_server.drop(name)


def test_a_folder_that_is_not_the_one_it_was_is_not_written(lake: Lake, home: Path) -> None:
    load(lake.opened(home))
    folder = Path(lake.data)
    shutil.move(folder, folder.with_name("elsewhere"))
    folder.mkdir()  # as where nothing is mounted
    with pytest.raises(SurroundingsError, match="No such file"):
        load(lake.opened(home), at=1)
    assert files_in(folder) == set()


def test_a_marker_that_says_nothing_is_named(lake: Lake, home: Path) -> None:
    load(lake.opened(home))
    marker = Path(lake.data) / MARKER
    marker.write_bytes(b"")
    with pytest.raises(WarehouseError, match=f"{marker} does not say whose the files are"):
        load(lake.opened(home), at=1)
    marker.unlink()
    load(lake.opened(home), at=1)


def test_an_address_with_another_place_is_told_the_right_one(lake: Lake, home: Path, tmp_path: Path) -> None:
    load(lake.opened(home))
    wrong = replace(lake, data=str(tmp_path / "wrong")).opened(home)
    said = f"its address says data={tmp_path}/wrong, and its files are in {lake.data}: set data={lake.data}"
    refusals: list[Callable[[], object]] = [
        lambda: load(wrong, at=1),
        lambda: count(wrong),
        wrong.manifest,
        wrong.size,
        wrong.has_facts,
    ]
    for refused in refusals:
        with pytest.raises(SurroundingsError, match=said):
            refused()
    (fault,) = wrong.proof()
    assert (said in fault.detail, fault.is_damage) == (True, False)
    assert not (tmp_path / "wrong").exists()


def forget(lake: Lake) -> None:
    """Delete the marker, as nobody had written one."""
    if lake.s3 is None:
        (Path(lake.data) / MARKER).unlink()
        return
    from obstore.store import S3Store  # noqa: PLC0415 (needs the extra)

    bucket, _, path = lake.data.removeprefix("s3://").partition("/")
    S3Store(
        bucket,
        prefix=path,
        endpoint=lake.s3.endpoint,
        region="us-east-1",
        access_key_id=lake.s3.key,
        secret_access_key=lake.s3.secret,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    ).delete(MARKER)
