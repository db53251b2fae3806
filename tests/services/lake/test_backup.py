"""A lake is restored from a dump of its catalog and a copy of its files, in this order, also while somebody writes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.batches import batch, hours, sighting
from tests.support.lakes import Lake
from tests.support.services import PostgresServer, postgres_programs

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
        with restored.writer("test") as writer:
            writer.load([batch([sighting(each) for each in range(1, 31)], at=hours(1))])
            assert writer.publish().row_counts["papers"] == 30
    finally:
        postgres_server.drop("restored")
