"""A lake is restored from a dump of its catalog and a copy of its files, in this order, also while somebody writes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.batches import batch, hours, sighting
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.lakes import Lake
from tests.support.services import PostgresServer, postgres_programs
from tests.support.small import fill
from warehouse import WarehouseError
from warehouse.lake.place.marker import MARKER

NOT_IN_IT = "the lake's facts are not in this back-up: docs/lake.md says how to back up its catalog and its files\n"

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


def test_catalog_first_then_files(postgres: str, postgres_server: PostgresServer, tmp_path: Path) -> None:
    programs = postgres_programs()
    assert programs is not None
    files, dump = tmp_path / "lake", tmp_path / "catalog.dump"
    lake = Lake(conninfo=postgres, data=str(files)).opened(tmp_path / "home")
    with lake.writer("test") as writer:
        writer.load([batch([sighting(each) for each in range(1, 21)])])
        digest = writer.publish().digest
        subprocess.run([programs / "pg_dump", "--format=custom", f"--file={dump}", postgres], check=True)
        writer.load([batch([sighting(each) for each in range(1, 31)], at=hours(1))])
        shutil.copytree(files, tmp_path / "copy")
        assert writer.publish().digest != digest

    shutil.rmtree(files)
    shutil.copytree(tmp_path / "copy", files)
    other = postgres_server.database("restored")
    try:
        subprocess.run([programs / "pg_restore", "--no-owner", f"--dbname={other}", dump], check=True)
        restored = Lake(conninfo=other, data=str(files)).opened(tmp_path / "home")
        with restored.reader(may_write_files=True) as reader:
            assert reader.export(tmp_path / "export") == digest
        assert restored.proof() == ()
        with (
            pytest.raises(WarehouseError, match="and the next writer takes the files over"),
            restored.writer("test"),
        ):
            pass
        (files / MARKER).unlink()
        with restored.writer("test") as writer:
            writer.load([batch([sighting(each) for each in range(1, 31)], at=hours(1))])
            assert writer.publish().row_counts["papers"] == 30
    finally:
        postgres_server.drop("restored")


@pytest.mark.parametrize("is_file", [False, True], ids=["no file", "with a file"])
def test_the_back_up_of_a_home_says_that_the_facts_are_not_in_it(lake: Lake, tmp_path: Path, is_file: bool) -> None:
    home, saved = tmp_path / "home", tmp_path / "saved"
    warehouse = lake.opened(home)
    fill(warehouse)
    (home / "interests.toml").write_text("")
    if is_file:
        with warehouse.writer("test") as writer:
            writer.publish(is_file=True)
    said = f"digest of the published file {warehouse.manifest().digest}" if is_file else "no file was published from"
    done = paperlog_in(lake.environment(home), "backup", saved)
    back = paperlog_in(scrubbed(PAPERLOG_HOME=str(tmp_path / "back")), "restore", saved)
    for each in (done, back):
        assert (each.code, each.err) == (0, NOT_IN_IT)
        assert said in each.out
