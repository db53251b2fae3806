"""Who is told what, by a webhook on 127.0.0.1 that says yes, no, or nothing at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.digest.channels import KINDS
from flows.digest.deliver import Asked, Delivery, LostLedger, deliver, dropped
from flows.digest.interests_file import read_interests
from flows.settings import from_environment
from tests.support.batches import run
from tests.support.servers import Handler, serving
from tests.support.small import CLOCKS, KITES, LOOMS, SALT, TIDES, at, daily, first_batches, later_batches, warehouse_in
from transforms.digest.records import News
from transforms.records import Batch, HumanDecision
from warehouse import LEDGER, copy_ledger

SECRET = "TEAM_HOOK"  # noqa: S105 - the name of a variable
ANNA = f"""
[readers.anna]
since = 2026-03-01
%s

[[readers.anna.channels]]
kind = "webhook"
secret = "{SECRET}"
"""


@dataclass
class Team:
    """A home, a receiver, and what it took; `answers` are given first, then 204 to everything."""

    home: Path
    answers: list[int | None] = field(default_factory=list)
    arrived: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def load(self, *batches: Batch) -> None:
        """Load and publish."""
        with warehouse_in(self.home).writer("test") as writer:
            writer.load(batches)
            writer.publish()

    def decide(self, left: str, right: str, *, is_same: bool) -> None:
        """Join or part the papers of two records, and publish."""
        decision = HumanDecision(left=left, right=right, is_same=is_same, reason="a test", decided_at=datetime.now(UTC))
        with warehouse_in(self.home).writer("test") as writer:
            writer.decide(run("manual", None), [decision])
            writer.publish()

    def wishes(self, text: str = "") -> None:
        """Write the interests file, with more lines for the one reader."""
        (self.home / "interests.toml").write_text(ANNA % text, "utf-8")

    def told(self, now: datetime, *, dry_run: bool = False) -> Delivery:
        """Tell the reader what is new at that time."""
        settings = from_environment({"PAPERLOG_HOME": str(self.home), "PAPERLOG_LOCK_SECONDS": "5"})
        readers = read_interests(settings.interests, KINDS)
        (found,) = deliver(settings, readers, KINDS, Asked(dry_run=dry_run), now=now, note=lambda _: None)
        return found

    def titles(self) -> list[tuple[str, str]]:
        """What arrived: kind of news and title, in order."""
        return [(each["news"], each["paper"]["title"]) for _, body in self.arrived for each in body["items"]]


class Receiver(Handler):
    """Says what the team has prepared; None is a yes that never comes."""

    team: Team

    def answer(self) -> None:
        """Keep what it took."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.team.answers.pop(0) if self.team.answers else 204
        if status is None:  # it has the message, and nobody is told so
            self.team.arrived.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.close_connection = True
            return
        if status == 204:
            self.team.arrived.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send(status, b"" if status == 204 else b"no")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    made = Team(tmp_path / "home")
    made.home.mkdir()
    made.wishes()
    made.load(*first_batches())
    with serving(Receiver, team=made) as base:
        monkeypatch.setenv(SECRET, f"{base}/take?token=very-secret")
        yield made


def test_a_reader_is_told_each_paper_once(team: Team) -> None:
    assert team.told(at(1)).outcome == "sent"
    team.load(*later_batches())
    assert team.told(at(3)).outcome == "sent"
    assert team.told(at(4)).outcome != "sent"

    told = team.titles()
    assert {title for _, title in told[:3]} == {TIDES.title, LOOMS.title, CLOCKS.title}
    assert ("new", SALT.title) in told[3:]
    assert ("reviewed", TIDES.title) in told[3:]
    assert len(told) == len(set(told))


def test_an_issue_that_was_refused_is_made_anew_and_nothing_of_it_is_lost(team: Team) -> None:
    team.answers = [400]
    failed = team.told(at(1))
    assert (failed.outcome, team.arrived) == ("failed", [])
    assert "very-secret" not in failed.line

    assert team.told(at(2)).outcome == "sent"
    assert len(team.titles()) == 3


def test_an_issue_whose_arrival_is_unknown_is_sent_again_under_the_same_id_and_counted(team: Team) -> None:
    team.answers = [None]
    assert team.told(at(1)).outcome == "failed"
    again = team.told(at(1) + timedelta(hours=1))

    (first, body), (second, repeated) = team.arrived
    assert (first, body) == (second, repeated)
    assert again.again_count == 1
    assert "sent again" in again.line


def test_what_came_meanwhile_is_told_after_the_issue_that_was_on_its_way(team: Team) -> None:
    team.answers = [None]
    team.told(at(1))
    team.load(*later_batches())
    team.told(at(3))

    (first, _), (again, _), (later, _) = team.arrived[:3]
    assert first == again != later
    assert ("new", SALT.title) in [(each["news"], each["paper"]["title"]) for each in team.arrived[2][1]["items"]]


def test_a_refused_repetition_is_never_made_anew(team: Team) -> None:
    team.answers = [None, 400]
    team.told(at(1))
    assert team.told(at(1) + timedelta(minutes=30)).outcome == "failed"
    assert team.told(at(1) + timedelta(hours=1)).outcome == "sent"

    assert len({key for key, _ in team.arrived}) == 1


def test_a_dry_run_sends_and_writes_nothing(team: Team) -> None:
    tried = team.told(at(1), dry_run=True)

    assert tried.outcome == "to send"
    assert tried.issue is not None
    assert len(tried.issue.items) == 3
    assert (team.arrived, (team.home / LEDGER).exists()) == ([], False)


def test_a_reader_with_days_gets_one_issue_on_each(team: Team) -> None:
    team.wishes('days = ["tuesday"]')

    assert team.told(at(0)).outcome == "not due"
    assert team.told(at(1)).outcome == "sent"
    team.load(daily(1, at(1), (SALT, 20), next_on=None))
    assert team.told(at(1) + timedelta(hours=1)).outcome == "not due"
    assert team.told(at(8)).outcome == "sent"
    assert [len(body["items"]) for _, body in team.arrived] == [3, 1]


def test_lists_in_trouble_are_told_once_and_never_as_nothing_new(team: Team) -> None:
    team.told(at(1))
    assert team.told(at(3)).outcome == "sent"  # nobody has asked for the lists of two days
    quiet = team.told(at(3) + timedelta(hours=1))

    (_, body) = team.arrived[-1]
    assert (body["items"], [each["state"] for each in body["unread"] if each["state"] != "open"]) == ([], ["missing"])
    assert quiet.outcome == "nothing yet"
    assert "could not be looked at" in quiet.line
    assert "nothing new" not in f"{body['headline']} {quiet.line}"


def test_what_has_no_room_is_said_and_not_told_later(team: Team) -> None:
    team.wishes("at_most = 2")
    assert team.told(at(1)).outcome == "sent"
    team.told(at(2))

    assert [(len(body["items"]), body["left_out_count"]) for _, body in team.arrived][:1] == [(2, 1)]
    assert len(team.titles()) == 2


def test_papers_that_are_joined_and_parted_are_told_once_each(team: Team) -> None:
    tides, looms = (f"hf_daily/2026-03-02/-/2603.{each.number:05}" for each in (TIDES, LOOMS))
    team.decide(tides, looms, is_same=True)
    team.told(at(1))
    assert len(team.titles()) == 2

    team.decide(tides, looms, is_same=False)
    team.told(at(2))
    team.decide(tides, looms, is_same=True)
    team.told(at(3))

    first = [title for news, title in team.titles() if news != News.REVIEWED]
    assert sorted(first) == sorted([TIDES.title, LOOMS.title, CLOCKS.title])


def test_the_ledger_holds_in_a_home_that_was_loaded_in_another_order(team: Team) -> None:
    team.load(*later_batches())
    team.told(at(3))
    before = len(team.titles())

    other = team.home.with_name("other")
    with warehouse_in(other).writer("test") as writer:
        for each in reversed((*first_batches(), *later_batches())):
            writer.load([each])
        writer.publish()
    copy_ledger(team.home, other / LEDGER)
    shutil.copyfile(team.home / "interests.toml", other / "interests.toml")
    team.home = other
    team.told(at(4))

    assert len(team.titles()) == before


def test_a_paper_of_a_day_that_came_late_is_marked(team: Team) -> None:
    team.told(at(1))
    team.load(daily(3, at(3), (KITES, 9)))
    team.told(at(3))
    team.load(daily(2, at(4), (SALT, 3)))
    team.told(at(4))

    assert ("late", SALT.title) in team.titles()


def test_an_issue_that_failed_on_its_day_is_due_on_the_next_one(team: Team) -> None:
    team.wishes('days = ["tuesday"]')
    team.answers = [400]

    assert team.told(at(1)).outcome == "failed"
    assert team.told(at(2)).outcome == "sent"


def test_a_day_on_which_nothing_ran_is_made_up_for(team: Team) -> None:
    team.wishes('days = ["tuesday"]')
    team.told(at(1))
    team.load(daily(3, at(3), (SALT, 9)))

    assert team.told(at(6)).outcome == "not due"
    assert team.told(at(9)).outcome == "sent"


def test_what_is_on_its_way_can_be_taken_back(team: Team) -> None:
    team.answers = [None]
    failed = team.told(at(1))
    assert "--drop" in failed.line

    settings = from_environment({"PAPERLOG_HOME": str(team.home)})
    taken = dropped(settings, read_interests(settings.interests, KINDS), Asked())
    assert len(taken) == 1
    team.told(at(1) + timedelta(hours=1))

    assert len({key for key, _ in team.arrived}) == 2
    assert len(team.titles()) == 6


def test_nothing_that_was_written_for_one_place_goes_to_another(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.answers = [None]
    team.told(at(1))
    first = team.arrived[0][0]

    file = team.home / "interests.toml"
    file.write_text(file.read_text("utf-8").replace(SECRET, "OTHER_HOOK"), "utf-8")
    monkeypatch.setenv("OTHER_HOOK", os.environ[SECRET])
    assert team.told(at(1) + timedelta(hours=1)).outcome == "sent"

    assert team.arrived[1][0] != first


def test_the_day_that_the_file_names_counts_also_when_it_changes(team: Team) -> None:
    file = team.home / "interests.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("2026-03-01", "2027-03-01"), "utf-8")
    ahead = team.told(at(1))
    assert (ahead.outcome, ahead.said) == ("not due", "since = 2027-03-01 lies ahead")

    file.write_text(text, "utf-8")
    assert team.told(at(1)).outcome == "sent"


def test_papers_that_fit_since_the_interests_changed_are_not_called_late(team: Team) -> None:
    team.wishes('words = ["looms"]')
    team.told(at(1))
    team.wishes('words = ["looms", "clocks"]')
    team.told(at(1) + timedelta(hours=1))

    assert team.titles() == [("new", LOOMS.title), ("new", CLOCKS.title)]


def test_a_source_that_was_never_loaded_is_named_once_and_never_nothing_new(team: Team) -> None:
    team.wishes('sources = ["weekly_review"]')

    assert team.told(at(1)).outcome == "sent"
    assert team.told(at(2)).outcome == "nothing yet"
    assert [each["state"] for each in team.arrived[0][1]["unread"]] == ["never"]


def test_a_list_that_stays_missing_is_told_once(team: Team) -> None:
    team.told(at(1))

    assert [team.told(at(day)).outcome for day in (3, 4, 7)] == ["sent", "nothing yet", "nothing yet"]


def test_a_ledger_that_is_gone_while_feeds_stand_stops_everything(team: Team) -> None:
    team.told(at(1))
    (team.home / "feeds" / "anna").mkdir(parents=True)
    (team.home / "feeds" / "anna" / "feed.xml").touch()
    (team.home / LEDGER).unlink()

    with pytest.raises(LostLedger, match="bring it back"):
        team.told(at(2))


def test_a_variable_that_is_not_set_is_named_and_the_issue_waits(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.delenv(SECRET)
        failed = team.told(at(1))
    assert failed.is_bad
    assert SECRET in failed.line

    assert team.told(at(1)).outcome == "sent"
