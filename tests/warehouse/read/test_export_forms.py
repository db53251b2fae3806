"""The forms of an export: what lies beside the Parquet files, a file a month, one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.engines import Engine
from tests.support.small import built
from warehouse import SNAPSHOT, Reader, Warehouse, WarehouseError
from warehouse.docs.dictionary import relations
from warehouse.read.sqlite_file import TABLES

NAMES = {"metrics", "papers", "partitions", "reviews", "sightings", "withheld"}


@pytest.fixture(scope="module")
def small(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return engine.small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def reader(small: Warehouse) -> Iterator[Reader]:
    with small.reader(may_write_files=True) as opened:
        yield opened


@pytest.fixture
def exported(reader: Reader, tmp_path: Path) -> Path:
    reader.export(tmp_path / "exported")
    return tmp_path / "exported"


def json_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def columns_of(file: Path) -> dict[str, str]:
    with duckdb.connect() as plain:
        return {str(name): str(kind) for name, kind, *_ in plain.sql(f"from '{file}'").description}


def test_the_data_package_describes_each_file_and_column(reader: Reader, exported: Path) -> None:
    package = json_of(exported / "datapackage.json")
    assert {each["name"] for each in package["resources"]} == NAMES
    for each in package["resources"]:
        file = exported / each["path"]
        assert (each["bytes"], each["hash"]) == (
            file.stat().st_size,
            f"sha256:{sha256(file.read_bytes()).hexdigest()}",
        )
        fields = each["schema"]["fields"]
        assert [field["name"] for field in fields] == list(columns_of(file))
        assert all(field["description"].endswith((".", ")")) for field in fields)
        assert set(each["schema"]["primaryKey"]) <= {field["name"] for field in fields}
    assert package["digest"] == reader.export(exported)


def test_its_words_are_those_of_the_dictionary(exported: Path) -> None:
    package = json_of(exported / "datapackage.json")
    (papers,) = (each for each in package["resources"] if each["name"] == "papers")
    said = {field["name"]: field["description"] for field in papers["schema"]["fields"]}
    (columns,) = (each for each in relations("core") if each[0].relation == "papers")
    own = {column.name: column.comment for column in columns}
    assert said == {name: own[name] for name in said if name != "paper"} | {"paper": said["paper"]}


def test_croissant_names_the_same_columns_but_for_lists_of_structures(exported: Path) -> None:
    made = json_of(exported / "croissant.json")
    assert {each["name"] for each in made["recordSet"]} == NAMES
    for each in made["recordSet"]:
        kinds = columns_of(exported / f"{each['name']}.parquet")
        named = {field["name"]: field.get("repeated", False) for field in each["field"]}
        assert named == {name: kind.endswith("[]") for name, kind in kinds.items() if not kind.startswith("STRUCT")}


def test_a_second_export_of_the_same_facts_has_the_same_bytes(reader: Reader, exported: Path) -> None:
    before = {path.name: path.read_bytes() for path in exported.iterdir()}
    reader.export(exported)
    assert {path.name: path.read_bytes() for path in exported.iterdir()} == before
    assert set(before) == {f"{name}.parquet" for name in NAMES} | {"datapackage.json", "croissant.json"}


def test_months_hold_the_same_rows_and_the_digest_is_the_same(reader: Reader, exported: Path, tmp_path: Path) -> None:
    assert reader.export_partitioned(tmp_path / "months") == reader.export(exported)
    assert (tmp_path / "months/sightings/year=2026/month=3/data_0.parquet").is_file()
    with duckdb.connect() as plain:
        for name in NAMES - {"withheld"}:  # nothing is
            files = sorted(str(path) for path in (tmp_path / "months").rglob("*.parquet") if name in str(path))
            months = plain.read_parquet(files, hive_partitioning=False).order("all").fetchall()
            assert months == plain.read_parquet(str(exported / f"{name}.parquet")).order("all").fetchall()
            assert months
        hive = plain.read_parquet(f"{tmp_path}/months/sightings/*/*/*.parquet", hive_partitioning=True)
        assert hive.aggregate("any_value(year), any_value(month)").fetchall() == [(2026, 3)]


def test_months_need_a_folder_of_their_own(reader: Reader, exported: Path, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="is not empty"):
        reader.export_partitioned(exported)
    (tmp_path / "empty").mkdir()
    reader.export_partitioned(tmp_path / "empty")
    assert {path.name for path in tmp_path.iterdir()} == {"exported", "empty"}


@pytest.fixture
def sqlite_file(reader: Reader, tmp_path: Path) -> Path:
    reader.export_sqlite(tmp_path / "paperlog.sqlite")
    return tmp_path / "paperlog.sqlite"


def test_an_sqlite_file_holds_the_views_with_keys_and_indexes(reader: Reader, sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as database:
        for name in TABLES:
            (count,) = database.execute(f"select count(*) from {name}").fetchone()  # noqa: S608 - a constant
            assert count == len(reader.query(f"from marts.{name}").rows)
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("pragma foreign_key_check").fetchall() == []
        plan = database.execute("explain query plan select title from papers where arxiv_id = '2603.00001'").fetchall()
        assert "papers_by_arxiv_id" in str(plan)
        (schema,) = database.execute("select sql from sqlite_schema where name = 'papers'").fetchone()
        assert "-- Stable key; never reused." in schema
        about = dict(database.execute("select name, value from about").fetchall())
    assert about["digest"] == reader.named("read_manifest").dicts[0]["digest"]


def test_lists_are_json_and_times_are_text_there(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as database:
        query = "select authors, links, published_on, is_named_by_arxiv from papers where arxiv_id = '2603.00001'"
        authors, links, published_on, is_named = database.execute(query).fetchone()
        (observed_at,) = database.execute("select min(observed_at) from metrics").fetchone()
    assert json.loads(authors) == ["Ada Örn", "Bo Sample"]
    assert isinstance(json.loads(links), list)
    assert (published_on, is_named, observed_at) == ("2026-02-27", 0, "2026-03-02 22:00:00")


def test_the_same_snapshot_gives_the_same_file_and_an_earlier_one_is_replaced(
    reader: Reader, sqlite_file: Path, tmp_path: Path
) -> None:
    before = sqlite_file.read_bytes()
    reader.export_sqlite(sqlite_file)
    assert sqlite_file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [sqlite_file.name]


@pytest.mark.parametrize("content", [b"notes", b"", b"SQLite format 3\x00" + bytes(200)])
def test_what_is_no_earlier_export_is_left_alone(content: bytes, reader: Reader, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    with pytest.raises(WarehouseError, match="no earlier export"):
        reader.export_sqlite(other)
    assert other.read_bytes() == content


def test_a_snapshot_of_an_older_release_is_said_to_be_one(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    snapshot = tmp_path / SNAPSHOT
    snapshot.chmod(0o644)
    with duckdb.connect(str(snapshot)) as changed:
        changed.execute("drop view marts.arxiv_versions")
    with (
        warehouse.reader(may_write_files=True) as reader,
        pytest.raises(WarehouseError, match="an older release published this snapshot"),
    ):
        reader.export_sqlite(tmp_path / "one.sqlite")
    assert not list(tmp_path.glob("*one.sqlite*"))
