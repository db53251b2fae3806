"""A side index that is not what was written is told and made again; what is wrong with its place is told as such."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.batches import WEEKLY, batch, review, sighting
from tests.support.engines import Engine, Files
from tests.warehouse.papers.flips import flips
from transforms.records import RunOutcome
from warehouse import Warehouse, WarehouseError
from warehouse.papers.comparisons import packed_sighting
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.indexstore import IndexUnusableError
from warehouse.papers.sideindex import SideIndex

Load = Callable[..., Sequence[RunOutcome]]
Ask = Callable[[str], list[tuple[object, ...]]]
PAPERS = "select count(distinct paper_key), count(*) from core.matches"
NOBODY = 65534
SETTLED = (
    "insert into settled_postings select * from postings where record <> 2; delete from postings where record <> 2"
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """This is about the index in a file."""
    return Files()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "resolver.sqlite"


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, if this process has them."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_log_that_cannot_be_opened_is_told_as_such_and_nothing_is_deleted(
    file: Path, load: Load, is_sealed: bool
) -> None:
    load(batch([sighting(1)]))
    seal, log = file.with_name(f"{file.name}.seal"), file.with_name(f"{file.name}-wal")
    if not is_sealed:
        seal.unlink()
    held = file.read_bytes()
    log.mkdir()
    with pytest.raises(WarehouseError, match=r"resolver\.sqlite: unable to open database file; nothing was loaded"):
        load(batch([sighting(2)]))
    assert file.read_bytes() == held
    log.rmdir()
    (outcome,) = load(batch([sighting(2)]))
    assert outcome.status == "loaded"


def test_no_damage_gives_other_facts_without_a_word(tmp_path: Path) -> None:
    toll = flips(6, tmp_path)
    assert toll.broken == []
    assert sum(toll.ends.values()) == 6


@pytest.mark.parametrize("has_seal", [True, False])
@pytest.mark.parametrize(
    "damage",
    [
        "delete from postings where record = 1",
        "delete from records where record = 2",
        "update records set stored = x'00' where record = 3",
        "update records set sighting_key = 'daily/2026-03-02/-/2603.99999' where record = 4",
        "update records set stored = 'text' where record = 5",
        "update records set checksum = 0 where record = 6",
        "update postings set block_key = block_key + 2 where record = 7",
        "update state set records_count = records_count + 1",
        "drop table touched",
        f"{SETTLED}; delete from settled_postings where record = 1",  # noqa: S608 - ours
        f"{SETTLED}; insert into postings select * from settled_postings where record = 3",  # noqa: S608 - ours
    ],
)
def test_a_changed_row_is_told_and_the_index_made_again(
    load: Load, ask: Ask, file: Path, caplog: pytest.LogCaptureFixture, damage: str, has_seal: bool
) -> None:
    load(batch([sighting(number) for number in range(1, 30)]))
    with closing(sqlite3.connect(file)) as database:
        database.executescript(damage)
    if not has_seal:
        file.with_name("resolver.sqlite.seal").unlink()
    load(batch([review(number) for number in range(1, 9)], facts=WEEKLY))
    assert "made again" in caplog.text
    assert ask(PAPERS) == [(29, 37)]


def test_zeroed_pages_are_told_and_the_index_made_again(
    load: Load, ask: Ask, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load(batch([sighting(number) for number in range(1, 30)]))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    load(batch([review(1)], facts=WEEKLY))
    assert "is damaged (it changed after it was closed)" in caplog.text
    assert ask(PAPERS) == [(29, 30)]


@pytest.mark.parametrize("settle", ["", SETTLED])
def test_an_index_without_a_seal_that_is_whole_is_used(
    load: Load, ask: Ask, file: Path, caplog: pytest.LogCaptureFixture, settle: str
) -> None:
    load(batch([sighting(1), sighting(2)]))
    with closing(sqlite3.connect(file)) as database:
        database.executescript(settle)
    file.with_name("resolver.sqlite.seal").unlink()
    load(batch([review(1)], facts=WEEKLY))
    assert "made again" not in caplog.text
    assert ask(PAPERS) == [(2, 3)]


def test_its_files_are_as_readable_as_the_umask_says(load: Load, file: Path) -> None:
    with umask(0o007):
        load(batch([sighting(1)]))
    assert {each.name: each.stat().st_mode & 0o777 for each in file.parent.glob("resolver.sqlite*")} == {
        "resolver.sqlite": 0o660,
        "resolver.sqlite.seal": 0o660,
    }


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_something_else_in_its_place_is_said(warehouse: Warehouse, file: Path, make: Callable[[Path], None]) -> None:
    make(file)
    with (
        warehouse.writer("test") as writer,
        pytest.raises(WarehouseError, match=r"resolver\.sqlite: it is no file; move it away.*; nothing was loaded"),
    ):
        writer.load([batch([sighting(1)])])


def test_a_missing_right_is_no_damage() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        file = folder / "resolver.sqlite"
        with closing(SideIndex(IndexFile(file))) as index:
            index.add([packed_sighting(sighting(1))])
            index.commit("before")
        whole = file.read_bytes()
        file.chmod(0o400)
        with (
            as_nobody(),
            closing(SideIndex(IndexFile(file))) as index,
            pytest.raises(IndexUnusableError, match="Permission"),
        ):
            index.stamps()
        assert file.read_bytes() == whole


def test_a_check_finds_nothing_in_a_whole_index(warehouse: Warehouse, load: Load) -> None:
    assert warehouse.check_working() == ()
    load(batch([sighting(1), sighting(2)]), batch([review(1)], facts=WEEKLY))
    assert warehouse.check_working() == ()


def test_a_check_tells_damage_and_leaves_it(warehouse: Warehouse, load: Load, file: Path) -> None:
    load(batch([sighting(1), sighting(2)]))
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    (found,) = warehouse.check_working()
    assert "resolver.sqlite is damaged" in found
    assert file.read_bytes() == data


def test_a_check_finds_records_that_are_whole_and_not_those_of_the_warehouse(
    warehouse: Warehouse, load: Load, file: Path
) -> None:
    load(batch([sighting(1), sighting(2)]))
    with closing(SideIndex(IndexFile(file))) as index:
        stamp, _ = index.stamps()
        other = packed_sighting(sighting(1, title="Other words entirely"))
        index.delete([other.sighting_key])
        index.add([other])
        index.commit(stamp)
    (found,) = warehouse.check_working()
    assert "1 of 2 sightings differ from the warehouse, as daily/2026-03-02/-/2603.00001" in found


def test_a_check_never_waits_for_a_writer(warehouse: Warehouse, load: Load) -> None:
    load(batch([sighting(1)]))
    with warehouse.writer("test"):
        assert warehouse.check_working() == ()
