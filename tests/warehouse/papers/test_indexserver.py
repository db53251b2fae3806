"""The side index in PostgreSQL: whatever becomes of its tables is told and mended; a server in the way is no damage."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.batches import WEEKLY, batch, hours, review, sighting
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.small import warehouse_in
from transforms.records import Batch, Packed, RunOutcome
from warehouse import WarehouseError
from warehouse.database.connection import opened
from warehouse.embedded.engine import EmbeddedEngine
from warehouse.errors import SurroundingsError
from warehouse.home import WORKING
from warehouse.papers.comparisons import packed_sighting
from warehouse.papers.indexrows import IndexDamagedError
from warehouse.papers.indexstore import IndexUnusableError
from warehouse.papers.sideindex import SideIndex
from warehouse.writer import Writer

if TYPE_CHECKING:
    from warehouse.papers.indexserver import IndexServer

Load = Callable[..., Sequence[RunOutcome]]
Rows = list[tuple[Any, ...]]
SCHEMA = "resolver"
PAPERS = "select count(distinct paper_key), count(*) from core.matches"

CUT = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'paperlog' and datname = current_database()"""
MOVED = """
    update postings set record = 77 where record = 2;
    update state set postings_sum = (select bit_xor(hashint8extended(block_key, record)) from postings)"""

services = pytest.mark.services


def server(conninfo: str) -> IndexServer:
    """The store; without the extra that it needs, these tests were skipped before."""
    from warehouse.papers.indexserver import IndexServer  # noqa: PLC0415 - an extra

    return IndexServer(conninfo, SCHEMA)


@contextmanager
def writer(home: Path, conninfo: str) -> Iterator[Writer]:
    """A writer whose side index is in PostgreSQL."""
    home.mkdir(exist_ok=True)
    with opened(home / WORKING) as connection, closing(SideIndex(server(conninfo))) as index:
        yield Writer(EmbeddedEngine(home), connection, index)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def load(home: Path, postgres: str) -> Load:
    """Load batches in one transaction."""

    def loaded(*batches: Batch) -> Sequence[RunOutcome]:
        with writer(home, postgres) as it:
            return it.load(batches)

    return loaded


@pytest.fixture
def run(postgres: str) -> Callable[[str], Rows]:
    """Run a statement as somebody else, where the tables of the index are."""
    psycopg = pytest.importorskip("psycopg")

    def ran(statement: str) -> Rows:
        with psycopg.connect(postgres, autocommit=True, options=f"-c search_path={SCHEMA}") as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return ran


def papers(home: Path) -> Rows:
    """How many papers and sightings there are."""
    with opened(home / WORKING) as connection:
        return connection.execute(PAPERS).fetchall()


def matches(home: Path) -> Rows:
    """The paper of each sighting, and why."""
    with opened(home / WORKING) as connection:
        return connection.execute("select sighting_key, paper_key, rule from core.matches order by all").fetchall()


def ready(*numbers: int) -> list[Packed]:
    """Sightings as the index takes them."""
    return [packed_sighting(sighting(number)) for number in numbers]


@services
def test_loads_give_the_same_papers_as_with_an_index_in_a_file(
    load: Load, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [
        batch([sighting(1), sighting(2)]),
        batch([review(1)], facts=WEEKLY),
        batch([sighting(1, title="Another title about kettles"), sighting(3)], at=hours(1)),
        batch([sighting(2)], at=hours(2)),
    ]
    other = tmp_path / "other"
    for page in pages:
        load(page)
        with warehouse_in(other).writer("test") as it:
            it.load([page])
    assert "made again" not in caplog.text
    assert papers(home) == papers(other) == [(3, 4)]
    assert matches(home) == matches(other)


@services
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("drop schema resolver cascade", None),
        ("drop table records, postings, touched, state", None),
        ("update state set version = 1", None),
        ("drop table postings", 'relation "postings" does not exist'),
        ("drop table touched", 'relation "touched" does not exist'),
        ("truncate postings", "it has 29 of 29 records, 0 of "),
        ("truncate state", "its state has 0 rows"),
        ("delete from records where record = 2", "it has 28 of 29 records"),
        ("delete from postings where record = 2", "it has 29 of 29 records"),
        ("update state set records_count = records_count + 1", "it has 29 of 30 records"),
        ("update postings set record = record + 1000", "its keys are other ones than were written"),
        ("update postings set block_key = block_key + 2 where record = 2", "its keys are other ones"),
        ("update records set sighting_key = sighting_key || '9' where record = 2", "its keys are other ones"),
        ("alter table state drop column postings_count", "postings_count does not exist"),
    ],
)
def test_what_was_lost_or_emptied_or_of_other_rules_is_made_again(
    load: Load, run: Callable[[str], Rows], home: Path, caplog: pytest.LogCaptureFixture, damage: str, told: str | None
) -> None:
    load(batch([sighting(number) for number in range(1, 30)]))
    held = run("select block_key, sighting_key, stored from postings join records using (record) order by 1, 2")
    run(damage)
    load(batch([review(number) for number in range(1, 9)], facts=WEEKLY))
    assert "PostgreSQL schema resolver is missing or not this warehouse's: made again from 29 sightings" in caplog.text
    assert ("is damaged" in caplog.text) is (told is not None)
    assert (told or "") in caplog.text
    assert papers(home) == [(29, 37)]
    found = run("select block_key, sighting_key, stored from postings join records using (record) order by 1, 2")
    assert [row for row in found if row[1].startswith("daily/")] == held


@services
@pytest.mark.parametrize(
    "damage",
    [
        "update records set stored = '\\x00'",
        "update records set checksum = 0",
        "update records set blocks = '\\x0000'",
        "update records set record = record + 100",
        "alter table records drop column checksum",
    ],
)
def test_a_changed_row_is_told_when_it_is_read_and_the_index_made_again(
    load: Load, run: Callable[[str], Rows], home: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    load(batch([sighting(number) for number in range(1, 30)]))
    run(damage)
    reviews = batch([review(number) for number in range(1, 9)], facts=WEEKLY)
    with pytest.raises(WarehouseError, match=r"schema resolver: .*; it was deleted and is made again by the next load"):
        load(reviews)
    load(reviews)
    assert "made again from 29 sightings" in caplog.text
    assert papers(home) == [(29, 37)]


@services
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("update records set stored = '\\x00' where record = 1", "record 1 is not what was written"),
        (MOVED, "record 2 has other block keys than were written"),
        ("update postings set record = 77 where record = 2", "its keys are other ones than were written"),
        ("truncate touched, postings", "0 of"),
        ("drop table touched", "does not exist"),
    ],
)
def test_a_check_proves_every_row_and_leaves_what_it_finds(
    load: Load, run: Callable[[str], Rows], home: Path, postgres: str, damage: str, told: str
) -> None:
    load(batch([sighting(1), sighting(2)]))
    with writer(home, postgres) as it:
        assert it.check(100) == ()
    run(damage)
    with writer(home, postgres) as it:
        (found,) = it.check(100)
    assert "PostgreSQL schema resolver is damaged (" in found
    assert told in found
    assert run("select stamp is not null from state") == [(True,)]


@services
def test_a_check_of_no_index_makes_none(postgres: str, run: Callable[[str], Rows]) -> None:
    with closing(SideIndex(server(postgres))) as index:
        assert index.damage() is None
    assert run("select count(*) from pg_namespace where nspname = 'resolver'") == [(0,)]


@services
def test_what_was_not_committed_is_gone_whatever_ends_it(postgres: str, run: Callable[[str], Rows]) -> None:
    with closing(SideIndex(server(postgres))) as index:
        index.add(ready(1))
        index.commit("first")
        index.fill([ready(2, 3)])
        index.rollback()
        assert index.blocks([each.sighting_key for each in ready(1, 2, 3)]).keys() == {ready(1)[0].sighting_key}
        index.delete([ready(1)[0].sighting_key])
        index.clear()
    with closing(SideIndex(server(postgres))) as index:
        assert index.stamps() == ("first", None)
        assert index.damage() is None
        assert len(index.records([ready(1)[0].sighting_key])) == 1
    assert run("select records_count from state") == [(1,)]


@services
def test_a_server_that_does_not_answer_is_no_damage(home: Path, postgres: str, load: Load) -> None:
    load(batch([sighting(1)]))
    with (
        writer(home, f"{postgres} port=1") as it,
        pytest.raises(SurroundingsError, match=r"schema resolver: .*refused.*; nothing was loaded"),
    ):
        it.load([batch([sighting(2)], at=hours(1))])
    load(batch([review(1)], facts=WEEKLY))
    assert papers(home) == [(1, 2)]


@services
def test_a_connection_that_is_cut_ends_the_load_and_not_the_writer(
    home: Path, postgres: str, run: Callable[[str], Rows], caplog: pytest.LogCaptureFixture
) -> None:
    with writer(home, postgres) as it:
        it.load([batch([sighting(1), sighting(2)])])
        assert run(CUT) == [(True,)]
        with pytest.raises(SurroundingsError, match="nothing was loaded"):
            it.load([batch([review(1)], facts=WEEKLY)])
        it.load([batch([review(1)], facts=WEEKLY)])
    assert papers(home) == [(2, 3)]
    assert "made again" not in caplog.text


@services
def test_changes_on_a_connection_that_is_cut_are_not_half_made(postgres: str, run: Callable[[str], Rows]) -> None:
    with closing(SideIndex(server(postgres))) as index:
        index.add(ready(1))
        index.commit("first")
        index.add(ready(2))
        assert run(CUT) == [(True,)]
        for _ in range(2):
            with pytest.raises(IndexUnusableError):
                index.add(ready(3))
        index.rollback()
        assert index.stamps() == ("first", None)
        assert index.records([each.sighting_key for each in ready(2, 3)]) == {}


@services
def test_a_missing_right_is_no_damage(home: Path, postgres: str, load: Load, run: Callable[[str], Rows]) -> None:
    load(batch([sighting(1)]))
    role = f"reader_{token_hex(8)}"
    run(f"create role {role} login")
    try:
        run(f"grant usage on schema resolver to {role}")
        run(f"grant select on all tables in schema resolver to {role}")
        with (
            writer(home, f"{postgres} user={role}") as it,
            pytest.raises(SurroundingsError, match=r"permission denied for table state; nothing was loaded"),
        ):
            it.load([batch([sighting(2)], at=hours(1))])
        assert run("select count(*) from records") == [(1,)]
    finally:
        run(f"drop owned by {role}")
        run(f"drop role {role}")


@services
def test_a_second_opener_neither_sees_nor_overtakes_what_the_first_is_changing(postgres: str) -> None:
    with closing(SideIndex(server(postgres))) as first, closing(SideIndex(server(postgres))) as second:
        first.add(ready(1))
        first.commit("first")
        assert second.stamps() == ("first", None)
        first.add(ready(2))
        assert second.records([ready(2)[0].sighting_key]) == {}
        first.commit("second")
        with pytest.raises(IndexUnusableError, match="another process changed it meanwhile"):
            second.add(ready(3))
        second.rollback()
        assert second.stamps() == ("second", "first")
        second.add(ready(3))
        second.commit("third")
        with pytest.raises(IndexUnusableError, match="another process changed it meanwhile"):
            first.delete([ready(1)[0].sighting_key])
        first.rollback()
        assert first.damage() is None
        assert first.stamps() == ("third", "second")


@services
def test_a_second_writer_waits_for_the_first_and_is_refused_then(postgres: str, run: Callable[[str], Rows]) -> None:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with (
        closing(SideIndex(server(postgres))) as first,
        closing(SideIndex(server(postgres))) as second,
        ThreadPoolExecutor(1) as threads,
    ):
        assert first.stamps() == second.stamps()
        first.add(ready(1))
        refused = threads.submit(second.add, ready(2))
        while run(waiting) == [(0,)] and not refused.done():
            time.sleep(0.01)
        assert not refused.done()
        first.commit("first")
        with pytest.raises(IndexUnusableError, match="another process changed it meanwhile"):
            refused.result()
        second.rollback()
        assert second.damage() is None
        assert second.records([each.sighting_key for each in ready(1, 2)]).keys() == {ready(1)[0].sighting_key}


@services
def test_two_who_make_it_at_once_make_one(postgres: str) -> None:
    stores = [server(postgres) for _ in range(2)]
    with closing(SideIndex(stores[0])) as first, closing(SideIndex(stores[1])) as second:
        assert first.stamps() == second.stamps() == (None, None)
        first.fill([ready(1, 2)])
        first.commit("first")
        with pytest.raises(IndexUnusableError, match="another process"):
            second.fill([ready(1)])
        second.rollback()
        assert second.stamps() == ("first", None)


@services
def test_a_key_that_is_there_twice_is_told(postgres: str) -> None:
    with closing(SideIndex(server(postgres))) as index:
        index.add(ready(1))
        with pytest.raises(IndexDamagedError, match="records_sighting_key_key"):
            index.add(ready(1))
        index.rollback()
        assert index.records([ready(1)[0].sighting_key]) == {}


def test_without_the_extra_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['psycopg'] = None; import warehouse.papers.indexserver"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=patient(60)
    )
    assert "WarehouseError: a side index in PostgreSQL needs an extra: pip install 'paperlog[lake]'" in done.stderr


@services
def test_a_role_that_may_not_write_is_told_so_and_nothing_is_discarded(
    postgres: str, load: Load, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import psycopg  # noqa: PLC0415 (needs the extra)

    load(batch([sighting(1), sighting(2)]))
    role = f"reader_{token_hex(4)}"
    theirs = postgres.replace("user=postgres", f"user={role}")
    later = batch([sighting(1), sighting(2), sighting(3)], at=hours(1))
    with psycopg.connect(postgres, autocommit=True) as connection:

        def run(statement: str) -> Rows:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

        before = run(f"select * from {SCHEMA}.state")  # noqa: S608 - our own name
        run(f"create role {role} login")
        try:
            for grant, said in (
                (None, f"the role {role} may not write there: grant usage and create on schema {SCHEMA} to it"),
                (f"grant usage on schema {SCHEMA}", "this role may not write there: permission denied for table"),
                (f"grant select on all tables in schema {SCHEMA}", "may not write there: permission denied for"),
            ):
                if grant:
                    run(f"{grant} to {role}")
                with writer(home, theirs) as it, pytest.raises(SurroundingsError, match=said):
                    it.load([later])
                with writer(home, theirs) as it, suppress(SurroundingsError):
                    assert [each for each in it.check(10) if "damaged" in each] == []
            assert run(f"select * from {SCHEMA}.state") == before  # noqa: S608
            assert "damaged" not in caplog.text
        finally:
            run(f"drop owned by {role}")
            run(f"drop role {role}")
    load(later)


@services
def test_a_role_that_may_not_make_the_schema_is_told_what_to_grant(postgres: str, home: Path) -> None:
    import psycopg  # noqa: PLC0415 (needs the extra)

    role = f"reader_{token_hex(4)}"
    name = postgres.rpartition("dbname=")[2]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create role {role} login".encode())
        try:
            with (
                writer(home, postgres.replace("user=postgres", f"user={role}")) as it,
                pytest.raises(
                    SurroundingsError, match=f'the role {role} may .*: grant create on database "{name}" to it'
                ),
            ):
                it.load([batch([sighting(1)])])
        finally:
            connection.execute(f"drop role {role}".encode())
