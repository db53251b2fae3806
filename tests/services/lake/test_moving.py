"""From a home into a lake and back: every fact, proven; what is not proven is not moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.batches import WEEKLY, batch, hours, review, run, sighting, withheld_abstract
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.lakes import Lake
from tests.support.services import S3Server
from warehouse import Warehouse, WarehouseError, move, open_warehouse

pytestmark = pytest.mark.services

TABLES = "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('ops', 'raw', 'core')"


@pytest.fixture
def home(tmp_path: Path) -> Warehouse:
    """A home with lists, a review, one edited title and what was published of them."""
    made = open_warehouse(str(tmp_path / "home"))
    with made.writer("test") as writer:
        writer.load([batch([sighting(1), sighting(2)]), batch([review(1)], facts=WEEKLY)])
        writer.load([batch([sighting(1, title="Another title about kettles"), sighting(3)], at=hours(1))])
        writer.publish()
    return made


@pytest.fixture
def lake(postgres: str, bucket_prefix: str, s3_server: S3Server, tmp_path: Path) -> Warehouse:
    return Lake(conninfo=postgres, data=bucket_prefix, s3=s3_server).opened(tmp_path / "other")


def facts(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the migrations, which each engine applies at a time of its own."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with warehouse.reader() as reader:
        for (name,) in reader.query(TABLES).rows:
            if name not in {"ops.migrations", "ops.manifest"}:
                found[str(name)] = list(reader.query(f"select t::varchar from {name} as t order by 1").rows)  # noqa: S608
    return found


def test_every_row_moves_into_a_lake_and_back(home: Warehouse, lake: Warehouse, tmp_path: Path) -> None:
    before = facts(home)
    assert before["core.papers"]
    digest = move(home, lake)
    with lake.writer("test") as writer:
        assert writer.publish().digest == digest
    assert facts(lake) == before
    back = open_warehouse(f"duckdb://{tmp_path / 'back'}")
    assert move(lake, back) == digest
    with back.writer("test") as writer:
        assert writer.publish().digest == digest
    assert facts(back) == before
    assert facts(home) == before
    assert back.proof() == home.proof() == ()


def test_what_comes_after_a_move_finds_what_came_before(home: Warehouse, lake: Warehouse) -> None:
    move(home, lake)
    with lake.writer("test") as writer:
        writer.load([batch([review(3)], facts=WEEKLY, at=hours(2))])
        writer.publish()
    with lake.reader() as reader:
        assert reader.query("select count(distinct paper_key), count(*) from matches").rows == ((3, 5),)
    assert lake.check_working() == ()


def test_a_target_that_holds_something_is_left_alone(home: Warehouse, lake: Warehouse) -> None:
    move(home, lake)
    with lake.writer("test") as writer:
        writer.load([batch([sighting(4)], at=hours(3))])
    with pytest.raises(WarehouseError, match="holds other facts already"):
        move(home, lake)
    with pytest.raises(WarehouseError, match="exists: move it away"):
        move(lake, home)


def test_a_decision_since_makes_other_facts(home: Warehouse, lake: Warehouse) -> None:
    """Else a text would be published there that people withhold here."""
    move(home, lake)
    with home.writer("test") as writer:
        writer.withhold(run(WEEKLY.name, None), [withheld_abstract(sighting(1).sighting_key)])
    with pytest.raises(WarehouseError, match="holds other facts already"):
        move(home, lake)


def test_a_move_that_was_interrupted_before_it_published_goes_on_from_there(
    postgres: str, home: Warehouse, tmp_path: Path
) -> None:
    lake = Lake(conninfo=postgres, data=str(tmp_path / "files"))
    digest = move(home, lake.opened(home.home))
    there = paperlog_in(scrubbed(PAPERLOG_HOME=str(home.home)), "move", "--to", lake.url)
    assert (there.code, there.err) == (0, "")
    assert f"digest {digest}; set PAPERLOG_WAREHOUSE to it from now on" in there.out

    back = open_warehouse(f"duckdb://{tmp_path / 'back'}")
    assert move(lake.opened(home.home), back) == digest
    again = paperlog_in(lake.environment(home.home), "move", "--to", f"duckdb://{back.home}")
    assert (again.code, again.err) == (0, "")
    assert f"digest {digest}; unset PAPERLOG_WAREHOUSE and set PAPERLOG_HOME to {back.home} from now on" in again.out
    assert f"the kept pages stay in {home.home / 'landing'}" in again.out
    assert back.manifest().digest == digest
    assert back.proof() == ()
    own = paperlog_in(lake.environment(home.home), "move", "--to", f"duckdb://{home.home}")
    assert "; unset PAPERLOG_WAREHOUSE from now on\n" in own.out


def test_a_warehouse_moves_between_engines_only(home: Warehouse, lake: Warehouse, tmp_path: Path) -> None:
    for source, target in ((home, open_warehouse(str(tmp_path / "third"))), (lake, lake)):
        with pytest.raises(WarehouseError, match="from a home into a lake, or back"):
            move(source, target)
