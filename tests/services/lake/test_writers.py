"""Writers of several machines in one lake: one at a time, each told whom it waits for."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.support.lakes import Lake, day, digest_of, ended, undisturbed

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

HOLDER = r"who holds it, process \d+ on \S+, since \d\d-\d\d \d\d:\d\d UTC"
RUN = """
insert into lake.ops.runs
select * replace (load_order + 1 as load_order, $name as run_id)
from lake.ops.runs
order by load_order desc
limit 1
"""
NUMBERED = "select count(*), count(distinct load_order), max(load_order) from lake.ops.runs"


def test_four_writers_at_once_load_what_one_loads(s3_lake: Lake, tmp_path: Path) -> None:
    writers = [s3_lake.writer(tmp_path / f"home-{place}", place, place + 4) for place in range(4)]
    ends = [ended(each) for each in writers]
    assert [(each.code, "at the same time" in each.err) for each in ends] == [(0, False)] * 4, ends
    assert any("waiting for the lake's lock" in each.err for each in ends)

    with s3_lake.plain(read_only=True) as connection:
        assert connection.execute(NUMBERED).fetchall() == [(16, 16, 16)]
    assert s3_lake.days_loaded() == [day(place) for place in range(8) for _ in range(2)]
    assert digest_of(s3_lake.opened(tmp_path / "reader")) == undisturbed(range(8), tmp_path / "undisturbed")


def test_who_waits_is_told_who_holds_the_lock_and_since_when(lake: Lake, home: Path, other: Path) -> None:
    with lake.opened(home).writer("who holds it"):
        waited = lake.load(other, 0, PAPERLOG_LOCK_SECONDS="1")
    assert waited.code == 1
    told, refused = waited.err.splitlines()
    assert re.fullmatch(
        rf"waiting for the lake's lock, until \d\d:\d\d:\d\d UTC at most; it is held by: {HOLDER}", told
    )
    assert re.fullmatch(
        rf"WarehouseBusyError: {HOLDER} has been writing to the lake for more than 1 s; try again later", refused
    )
    assert lake.load(other, 0).code == 0


def test_without_the_lock_two_writers_give_two_runs_one_number(lake: Lake, home: Path) -> None:
    assert lake.load(home, 0).code == 0
    with lake.plain() as one, lake.plain() as two:
        for name, connection in (("one", one), ("two", two)):
            connection.begin()
            connection.execute(RUN, {"name": name})
        one.commit()
        two.commit()
        assert one.execute(NUMBERED).fetchall() == [(4, 3, 3)]


def test_of_two_writers_that_replace_the_stamp_the_second_is_refused(lake: Lake, home: Path) -> None:
    assert lake.load(home, 0).code == 0
    with lake.plain() as one, lake.plain() as two:
        for name, connection in (("one", one), ("two", two)):
            connection.begin()
            connection.execute(RUN, {"name": name})
            connection.execute("update lake.lake.writer set stamp = $name", {"name": name})
        one.commit()
        with pytest.raises(duckdb.TransactionException, match="onflict"):
            two.commit()
        assert one.execute(NUMBERED).fetchall() == [(3, 3, 3)]
