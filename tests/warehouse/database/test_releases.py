"""Homes that earlier commits made: the frozen one is loaded further, older ones are rebuilt from their pages."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.batches import WEEKLY, batch, review, sighting
from tests.support.commands import Command, digest_of, paperlog_in, rows_of
from tests.support.environment import scrubbed
from tests.support.places import ROOT
from warehouse import WarehouseError, open_warehouse

RELEASES = ROOT / "tests" / "warehouse" / "releases"
MIGRATIONS = ROOT / "warehouse" / "database" / "migrations"
FROZEN = [line.split() for line in (RELEASES / "migrations.sha256").read_text(encoding="utf-8").splitlines()]
CURRENT, OLDER = "ce33a14", ("ffe489f", "2978de3")
# The digest of these homes' facts as this release means them. Another one is another meaning: a line of the changelog.
FACTS = "88df124373b8f808deba55a934ab73299fb6a6d6b83c04e9ab3986976558c0ce"
COUNTS = "select (select count(*) from papers), (select count(*) from sightings), (select count(*) from metrics)"
REPLAYED = """
select status, count(*)::integer as runs
from runs
where flow = 'replay' and page_sha256 is not null
group by all
order by all
"""


@pytest.fixture
def home_of(tmp_path: Path) -> Callable[[str], Path]:
    """The home that a commit made, unpacked."""

    def unpacked(commit: str) -> Path:
        with tarfile.open(RELEASES / f"{commit}.tar.xz") as packed:
            packed.extractall(tmp_path / commit, filter="data")
        return tmp_path / commit

    return unpacked


def commands_in(home: Path) -> Command:
    return partial(paperlog_in, scrubbed(PAPERLOG_HOME=str(home)))


def manifest_of(home: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    return manifest


@pytest.mark.parametrize(("digest", "name"), FROZEN)
def test_a_migration_is_never_edited(digest: str, name: str) -> None:
    assert sha256((MIGRATIONS / name).read_bytes()).hexdigest() == digest


def test_new_migrations_come_after_the_frozen_ones() -> None:
    names = sorted(path.name for path in MIGRATIONS.glob("*.sql"))
    assert names[: len(FROZEN)] == [name for _, name in FROZEN]


def test_the_frozen_warehouse_is_opened_loaded_and_published(home_of: Callable[[str], Path]) -> None:
    home = home_of(CURRENT)
    before = manifest_of(home)
    warehouse = open_warehouse(str(home))
    with warehouse.writer("test") as writer:
        published = writer.publish()
        assert (published.digest, published.row_counts) == (FACTS, before["row_counts"])
        with warehouse.reader() as reader:
            ((papers, sightings, metrics),) = reader.query(COUNTS).rows
        writer.load([batch([sighting(1), sighting(2)]), batch([review(1)], facts=WEEKLY)])
        writer.publish()
    with warehouse.reader() as reader:
        assert reader.query(COUNTS).rows == ((int(str(papers)) + 2, int(str(sightings)) + 3, int(str(metrics)) + 4),)
        assert reader.named("integrity").rows == ()


def test_the_frozen_warehouse_keeps_its_facts_when_its_pages_are_read_again(
    home_of: Callable[[str], Path],
) -> None:
    home = home_of(CURRENT)
    before = manifest_of(home)
    paperlog = commands_in(home)
    for _ in range(2):  # today's extractors read more of each page; a second time there is nothing to write
        done = paperlog("replay", "--no-prefect")
        assert done.code == 1, done.err  # one of its pages is refused, as it was at first
        assert manifest_of(home)["digest"] == FACTS
        assert manifest_of(home)["row_counts"] == before["row_counts"]
    found = [(row["status"], row["runs"]) for row in rows_of(paperlog, REPLAYED)]
    assert found == [("loaded", 4), ("refused", 2), ("unchanged", 4)]


def test_a_snapshot_of_an_older_release_is_named_as_such(home_of: Callable[[str], Path]) -> None:
    home = home_of(CURRENT)
    warehouse = open_warehouse(str(home))
    with warehouse.writer("test") as writer:
        writer.publish()
    with duckdb.connect(str(home / "paperlog.duckdb")) as connection:  # as it was before migration 0006
        connection.execute("drop table ops.forgotten_partitions")
    for command in (("audit",), ("audit", "--json")):
        done = commands_in(home)(*command)
        assert (done.code, len(done.err.splitlines())) == (1, 1)
        assert "an older release published this snapshot" in done.err
    assert commands_in(home)("publish").code == 0
    assert commands_in(home)("audit").code == 0


@pytest.mark.parametrize("commit", OLDER)
def test_an_older_warehouse_is_refused_with_the_way_on(home_of: Callable[[str], Path], commit: str) -> None:
    home = home_of(commit)
    with pytest.raises(WarehouseError, match=r"`paperlog replay --into NEW`"), open_warehouse(str(home)).writer("test"):
        pass
    done = commands_in(home)("publish")
    assert done.code == 1
    assert "replay --into" in done.err.splitlines()[0]
    assert "Traceback" not in done.err


@pytest.mark.parametrize("commit", OLDER)
def test_the_way_on_rebuilds_an_older_warehouse_from_its_pages(
    home_of: Callable[[str], Path], tmp_path: Path, commit: str
) -> None:
    home, new = home_of(commit), tmp_path / "new"
    done = commands_in(home)("replay", "--into", new, "--no-prefect")
    assert done.code == 1, done.err  # one of its pages is refused, as it was at first
    before, after = manifest_of(home)["row_counts"], manifest_of(new)["row_counts"]
    if commit == "2978de3":  # since then the rules that match papers have changed, and days can be given up
        assert (before["sightings"], before["metrics"]) == (after["sightings"], after["metrics"])
    else:
        assert before == after
        assert digest_of(commands_in(new), tmp_path / "export") == FACTS
    with open_warehouse(str(new)).reader() as reader:
        assert reader.named("integrity").rows == ()
