"""Rows become records by column name, and records rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import msgspec
import pytest

from tests.support.batches import DAY
from tests.support.small import built
from transforms.records import Closing, Finding, Level, Link, SourceFacts
from warehouse.database.connection import migrate
from warehouse.database.sql import Connection, append, row_of, rows_as, stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stood."""

    source: str
    partition_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something of every kind that a column can be."""

    name: str
    place: Place
    read_at: datetime | None
    closing: Closing
    links: tuple[Link, ...] = ()
    parts: tuple[Link, ...] = ()


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as opened:
        migrate(opened)
        yield opened


def test_a_row_becomes_a_record_and_its_records_whatever_the_order_of_columns(connection: Connection) -> None:
    cursor = connection.execute(
        "select 'two_reads' as closing, timestamp '2026-03-02 12:00' as read_at, 'daily' as source, 7 as unknown, "
        "date '2026-03-02' as partition_on, 'x' as name, [{'url': 'https://a.example', 'kind': 'code'}] as links, "
        """'[{"kind": "doi", "url": "u"}]'::json as parts"""
    )
    assert rows_as(cursor, Shown) == [
        Shown(
            name="x",
            place=Place(source="daily", partition_on=DAY),
            read_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
            closing=Closing.TWO_READS,
            links=(Link(kind="code", url="https://a.example"),),
            parts=(Link(kind="doi", url="u"),),
        )
    ]


def test_a_missing_list_is_the_default_and_a_missing_instant_stays_none(connection: Connection) -> None:
    cursor = connection.execute(
        "select 'x' as name, 'daily' as source, date '2026-03-02' as partition_on, null::timestamp as read_at, "
        "'first_read' as closing, null::struct(kind varchar, url varchar)[] as links"
    )
    (shown,) = rows_as(cursor, Shown)
    assert (shown.links, shown.parts, shown.read_at) == ((), (), None)


def test_a_value_that_does_not_fit_its_field_is_an_error(connection: Connection) -> None:
    cursor = connection.execute("select 'x' as source, 'no day' as partition_on")
    with pytest.raises(msgspec.ValidationError, match="partition_on"):
        rows_as(cursor, Place)


def test_a_row_takes_each_column_from_the_values_then_from_the_first_record_that_has_it(connection: Connection) -> None:
    finding = Finding(check_name="check", level=Level.ERROR, observed="1", expected="2")
    row = row_of(connection, "ops.findings", finding, Place(source="daily", partition_on=DAY), run_id="run-1")
    assert row == {
        "run_id": "run-1",
        "check_name": "check",
        "level": Level.ERROR,
        "observed": "1",
        "expected": "2",
        "place": None,
    }
    assert row_of(connection, "ops.partitions", Place(source="daily", partition_on=DAY), state="open") == {
        "source": "daily",
        "partition_on": DAY,
        "state": "open",
    }


def test_records_are_appended_as_they_are_read(connection: Connection) -> None:
    facts = SourceFacts(name="daily", trust=1, closing=Closing.FIRST_READ, extractor_version=2, partition_days=7)
    append(connection, "ops.sources", [row_of(connection, "ops.sources", facts, source=facts.name)])
    assert rows_as(connection.execute("select * rename (source as name) from ops.sources"), SourceFacts) == [facts]


def test_a_staged_table_has_the_columns_of_its_rows_with_the_types_of_the_model(connection: Connection) -> None:
    places = [Place(source="daily", partition_on=DAY), Place(source="weekly", partition_on=DAY)]
    assert stage(connection, "staged", places, like="ops.partitions") == 2
    cursor = connection.execute("from staged order by source")
    assert [(column[0], str(column[1])) for column in cursor.description or ()] == [
        ("source", "VARCHAR"),
        ("partition_on", "DATE"),
    ]
    assert rows_as(cursor, Place) == places


def test_a_staged_table_without_rows_has_all_columns_of_its_models(connection: Connection) -> None:
    assert stage(connection, "staged", [], like="ops.manifest ops.resolver") == 0
    columns = [column[0] for column in connection.execute("from staged").description or ()]
    assert columns[0] == "published_at"
    assert columns[-2:] == ["block_keys_version", "index_stamp"]


def test_a_column_that_the_table_does_not_have_is_an_error(connection: Connection) -> None:
    with pytest.raises(KeyError, match="run_identifier"):
        append(connection, "ops.findings", [{"run_identifier": "run-1"}])


def test_a_reader_answers_with_records_of_aware_instants(tmp_path: Path) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Manifest:
        run_id: str
        published_at: datetime
        row_counts: dict[str, int]

    warehouse, manifest = built(tmp_path)
    with warehouse.reader() as reader:
        (read,) = reader.records("read_manifest", Manifest)
        (row,) = reader.named("read_manifest").dicts
    assert read == Manifest(
        run_id=str(manifest.run_id), published_at=manifest.published_at, row_counts=dict(manifest.row_counts)
    )
    assert row["run_id"] == manifest.run_id
