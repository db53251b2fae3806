"""The descriptions beside the Parquet files, as the libraries of their formats read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from warehouse import open_warehouse

pytestmark = [pytest.mark.analyst("frictionless", "mlcroissant"), pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def exported(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    with open_warehouse(str(small_home)).reader(may_write_files=True) as reader:
        reader.export(folder)
    return folder


def test_frictionless_finds_nothing_wrong_with_the_data_package(exported: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package.validate_descriptor(json.loads((exported / "datapackage.json").read_text("utf-8")))
    assert report.valid, report.errors
    package = frictionless.Package(str(exported / "datapackage.json"))
    assert {resource.name for resource in package.resources} == {path.stem for path in exported.glob("*.parquet")}


def test_croissant_loads_every_row_by_its_description(exported: Path) -> None:
    dataset = pytest.importorskip("mlcroissant").Dataset(jsonld=str(exported / "croissant.json"))
    assert dataset.metadata.issues.errors == set()
    counts = {name: len(records_of(dataset, name)) for name in ("papers", "sightings", "reviews", "metrics")}
    assert counts == {"papers": 6, "sightings": 12, "reviews": 3, "metrics": 18}
    titles = {record["papers/title"] for record in records_of(dataset, "papers")}
    assert b"Tide Tables for Every Harbour" in titles


def records_of(dataset: Any, name: str) -> list[dict[str, Any]]:
    return list(dataset.records(name))
