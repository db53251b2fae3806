"""A client that was told nothing finds the views and macros of `marts`: a file can hold names, but no search path."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.support.small import built
from tests.warehouse.read.test_marts import GRAINS, MACROS
from warehouse import SNAPSHOT, WORKING, open_warehouse


def asked(connection: duckdb.DuckDBPyConnection, prefix: str, name: str) -> tuple[list[object], list[object]]:
    """Names and rows of a view or macro, in an order of their own."""
    call = f"{name}({MACROS[name]})" if name in MACROS else name
    found = connection.execute(f"from {prefix}{call}")
    return [column[0] for column in found.description or ()], sorted(found.fetchall(), key=repr)


def columns_of(connection: duckdb.DuckDBPyConnection) -> list[object]:
    return [column[0] for column in connection.execute("from main.sources").description or ()]


@pytest.mark.parametrize("is_full", [True, False])
def test_every_view_and_macro_answers_without_a_prefix(is_full: bool, tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.writer("again") as writer:
        writer.publish(full=is_full)
    with duckdb.connect(str(tmp_path / SNAPSHOT), read_only=True) as plain:
        for name in GRAINS:
            assert asked(plain, "", name) == asked(plain, "marts.", name)
        assert plain.execute("select count(*) > 0 from papers").fetchall() == [(True,)]


def test_in_an_attached_snapshot_the_name_of_the_file_is_enough(tmp_path: Path) -> None:
    built(tmp_path)
    with duckdb.connect() as other:
        other.execute(f"attach '{tmp_path / SNAPSHOT}' as digests (read_only)")
        assert other.execute("select count(*) from digests.papers").fetchall() == [(6,)]


def test_a_view_that_changed_is_named_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    built(home)
    changed = tmp_path / WORKING
    shutil.copy(home / WORKING, changed)
    with duckdb.connect(str(changed)) as connection:
        before = columns_of(connection)
        connection.execute("create or replace view marts.sources as select *, 1 as one_more from ops.sources")
    changed.replace(home / WORKING)
    with open_warehouse(str(home)).writer("after a migration") as writer:
        writer.publish()
    with duckdb.connect(str(home / SNAPSHOT), read_only=True) as plain:
        after = columns_of(plain)
    assert "one_more" in set(after) - set(before)
