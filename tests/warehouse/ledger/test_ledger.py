from __future__ import annotations

import os
import sqlite3
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.mounts import read_only
from transforms.digest.news import Look, Told
from warehouse import (
    LEDGER,
    LastSent,
    Ledger,
    NewPart,
    Prepared,
    SurroundingsError,
    WarehouseBusyError,
    WarehouseError,
    copy_ledger,
    ledger_to_read,
    opened_ledger,
)

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOOK = Look(until_on=MONDAY, newest={"hf_daily": MONDAY}, still_open=frozenset({"hf_daily/2026-03-02"}))


def told(number: int, what: str = "paper") -> Told:
    return Told(what=what, record=f"r{number}", paper_key=f"p{number}", upvotes=number, told_on=MONDAY)


def prepare(ledger: Ledger, *, issue_id: str = "anna.mail.20260302.1", left_out: tuple[Told, ...] = ()) -> Prepared:
    ledger.channel("anna", "mail", MONDAY)
    parts = [
        NewPart(part_id=f"{issue_id}.1", payload="one", told=(told(1), told(2))),
        NewPart(part_id=f"{issue_id}.2", payload="two", told=(told(3),)),
    ]
    return ledger.prepare(issue_id, "anna", "mail", "mail ada@example.org ", LOOK, NOON, parts, left_out)


def test_an_issue_is_written_down_with_all_that_it_tells_before_anything_is_sent(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        made = prepare(ledger)

    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        assert ledger.prepared("anna", "mail") == made
        assert [each.payload for each in made.parts] == ["one", "two"]
        assert ledger.told("anna", "mail") == (told(1), told(2), told(3))
        assert ledger.told("anna", "other") == ()


def test_an_issue_that_arrived_whole_moves_the_look_and_keeps_no_text(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        made = prepare(ledger)
        for part in made.parts:
            ledger.trying(made.issue_id, part.place)
            ledger.arrived(made.issue_id, part.place, NOON)
        assert ledger.channel("anna", "mail", MONDAY).look is None
        ledger.finish("anna", "mail", made)

        state = ledger.channel("anna", "mail", date(2026, 1, 1))
        assert (state.since_on, state.look, state.looked_at) == (MONDAY, LOOK, NOON)
        assert ledger.prepared("anna", "mail") is None
        assert ledger.last_sent("anna", "mail") == LastSent(sent_at=NOON)
    with sqlite3.connect(tmp_path / LEDGER) as database:
        assert database.execute("select count(*) from parts where payload is not null").fetchall() == [(0,)]


def test_withdrawing_forgets_what_did_not_arrive_and_keeps_what_did(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        made = prepare(ledger, left_out=(told(9),))
        ledger.arrived(made.issue_id, 0, NOON)
        ledger.withdraw(made.issue_id)

        assert ledger.told("anna", "mail") == (told(1), told(2))
        assert ledger.prepared("anna", "mail") is None
        again = prepare(ledger, issue_id="anna.mail.20260302.2")
        assert again.issue_id != made.issue_id


def test_tries_are_counted_before_the_hand_over(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        made = prepare(ledger)
        ledger.trying(made.issue_id, 0)

    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        found = ledger.prepared("anna", "mail")
        assert found is not None
        assert [each.tries for each in found.parts] == [1, 0]


def test_only_one_process_at_a_time_sends(tmp_path: Path) -> None:
    with (
        opened_ledger(tmp_path, "the first", wait_seconds=0),
        pytest.raises(WarehouseBusyError, match="the first"),
        opened_ledger(tmp_path, "the second", wait_seconds=0),
    ):
        pass


def test_a_damaged_ledger_is_told_and_never_made_anew(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        prepare(ledger)
    damaged = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(b"x" * 100 + damaged[100:])
    before = (tmp_path / LEDGER).read_bytes()

    with (
        pytest.raises(WarehouseError, match=r"damaged.*restore it from a back-up") as written,
        opened_ledger(tmp_path, "test", wait_seconds=0),
    ):
        pass
    with pytest.raises(WarehouseError, match=r"damaged.*restore it from a back-up") as read, ledger_to_read(tmp_path):
        pass
    assert not isinstance(written.value, SurroundingsError)
    assert not isinstance(read.value, SurroundingsError)
    assert (tmp_path / LEDGER).read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_missing_right_is_not_told_as_damage(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        prepare(ledger)
    (tmp_path / LEDGER).chmod(stat.S_IRUSR)

    with pytest.raises(SurroundingsError), opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        ledger.trying("anna.mail.20260302.1", 0)


def test_a_home_that_may_only_be_read_is_read_and_its_lock_is_named(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        prepare(ledger)

    with read_only(tmp_path):
        with ledger_to_read(tmp_path) as held:
            assert held is not None
            assert len(held.told("anna", "mail")) == 3
        with pytest.raises(OSError, match=r"digests\.lock"), opened_ledger(tmp_path, "test", wait_seconds=0):
            pass


def test_something_else_in_its_place_is_not_told_as_damage(tmp_path: Path) -> None:
    (tmp_path / LEDGER).mkdir()

    with pytest.raises(SurroundingsError, match=LEDGER), opened_ledger(tmp_path, "test", wait_seconds=0):
        pass


def test_a_copy_is_that_of_one_moment_also_while_somebody_writes(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        prepare(ledger)
        assert copy_ledger(tmp_path, tmp_path / "copy" / LEDGER)

    with ledger_to_read(tmp_path / "copy") as copied:
        assert copied is not None
        assert copied.told("anna", "mail") == (told(1), told(2), told(3))


def test_looking_at_a_ledger_makes_none(tmp_path: Path) -> None:
    with ledger_to_read(tmp_path) as ledger:
        assert ledger is None
    assert list(tmp_path.iterdir()) == []


def test_an_issue_that_was_withdrawn_is_overdue_until_a_later_one_arrived(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        assert ledger.last_sent("anna", "mail") == LastSent()
        ledger.withdraw(prepare(ledger).issue_id)
        assert ledger.last_sent("anna", "mail") == LastSent(is_overdue=True)
        later = prepare(ledger, issue_id="anna.mail.20260303.2")
        ledger.finish("anna", "mail", later)
        assert ledger.last_sent("anna", "mail") == LastSent(sent_at=NOON)


def test_an_empty_file_is_damage_and_no_new_ledger(tmp_path: Path) -> None:
    (tmp_path / LEDGER).touch()

    with pytest.raises(WarehouseError, match="damaged"), opened_ledger(tmp_path, "test", wait_seconds=0):
        pass


def test_a_value_that_nobody_wrote_there_is_damage(tmp_path: Path) -> None:
    with opened_ledger(tmp_path, "test", wait_seconds=0) as ledger:
        prepare(ledger)
    with sqlite3.connect(tmp_path / LEDGER) as database:
        database.execute("update issues set look = '[]'")

    with (
        pytest.raises(WarehouseError, match="damaged"),
        opened_ledger(tmp_path, "test", wait_seconds=0) as ledger,
    ):
        ledger.prepared("anna", "mail")
