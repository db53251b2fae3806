"""What people withhold is in no published state of a lake: a file without it is published instead."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.batches import DAILY, batch, run, sighting, withheld_abstract
from tests.support.lakes import Lake
from tests.support.small import built
from warehouse import SNAPSHOT, Warehouse, WarehouseError

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


def test_a_file_without_it_takes_the_place_of_all_states(lake: Lake, home: Path) -> None:
    paper, warehouse = sighting(1), lake.opened(home)
    with warehouse.writer("test") as writer:
        writer.load([batch([paper, sighting(2)])])
        writer.publish(keep_days=5)
        writer.withhold(run(DAILY.name, None), [withheld_abstract(paper.sighting_key, number=1)])
        assert writer.publish(keep_days=5).withheld_count == 1
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers where abstract is null").rows == ((1,),)
        assert reader.place == str(home / SNAPSHOT)
    assert warehouse.snapshots() == ()

    with warehouse.writer("test") as writer:
        writer.withhold(run(DAILY.name, None), [withheld_abstract(paper.sighting_key, number=2, is_withheld=False)])
        writer.publish()
    with warehouse.reader() as reader:
        assert reader.place.startswith("attach ")
        assert reader.query("select count(*) from papers where abstract is null").rows == ((0,),)


@pytest.fixture
def withheld(lake: Lake, home: Path) -> Warehouse:
    """A lake in which the abstract of one of two papers is withheld by the writer of a home."""
    paper, warehouse = sighting(1), lake.opened(home)
    with warehouse.writer("test") as writer:
        writer.load([batch([paper, sighting(2)])])
        writer.publish(keep_days=5, is_file=True)
        shutil.copytree(home, home.with_name("other"))
        writer.withhold(run(DAILY.name, None), [withheld_abstract(paper.sighting_key, number=1)])
        writer.publish(keep_days=5)
    return warehouse


def test_another_homes_file_of_before_is_refused_until_it_publishes(
    lake: Lake, withheld: Warehouse, other: Path
) -> None:
    second = lake.opened(other)
    assert (other / SNAPSHOT).exists()
    for ask in (second.reader().__enter__, second.manifest, second.require_published):
        with pytest.raises(
            WarehouseError, match=r"withheld.* is of an earlier publish.*`paperlog publish` in this home"
        ):
            ask()
    assert second.is_published()
    with second.writer("test") as writer:
        writer.publish()
    for warehouse in (second, withheld):  # nothing came between, so that the first one's file is still right
        with warehouse.reader() as reader:
            assert reader.query("select count(*) from papers where abstract is null").rows == ((1,),)
        assert warehouse.manifest().withheld_count == 1


def test_a_home_without_a_file_is_told_that_texts_are_withheld(lake: Lake, withheld: Warehouse, tmp_path: Path) -> None:
    third = lake.opened(tmp_path / "third")
    with pytest.raises(WarehouseError, match=r"withheld.* there is no .*paperlog\.duckdb; `paperlog publish`"):
        third.manifest()
    for moment in (datetime(2030, 1, 1, tzinfo=UTC), "run-000001"):
        for warehouse in (third, withheld):
            with pytest.raises(WarehouseError, match="none is kept in the lake while texts are withheld"):
                warehouse.changes(moment)
            with pytest.raises(WarehouseError, match="none is kept"), warehouse.reader(moment=moment):
                pass


def test_a_lake_in_which_nothing_was_published_is_not_read_from_a_file_of_another_time(lake: Lake, home: Path) -> None:
    warehouse = lake.opened(built(home)[0].home)
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(1)])])
    with pytest.raises(WarehouseError, match="nothing was published in the lake yet"), warehouse.reader():
        pass
