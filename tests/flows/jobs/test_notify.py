"""One message reaches a person when something is wrong, none when nothing is, and a broken receiver breaks nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest

from flows.alerts.notify import Message, message_of_audit, notify
from flows.demo.site import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    Answer,
)
from flows.digest.send import Patience
from flows.jobs.audit import Alert
from flows.settings import from_environment
from tests.flows.conftest import Site
from tests.support.commands import Command
from tests.support.servers import Handler, serving


@dataclass
class Inbox:
    """The messages that a receiver got, and what it answers."""

    address: str = ""
    messages: list[dict[str, object]] = field(default_factory=list)
    status: int = 200


class Receiver(Handler):
    """Where messages are sent to."""

    inbox: Inbox

    def answer(self) -> None:
        """Keep the message."""
        self.inbox.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send(self.inbox.status)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    found = Inbox()
    with serving(Receiver, inbox=found) as base:
        found.address = f"{base}/hook?secret=1234"
        yield found


def test_a_refused_page_is_told_in_one_message(
    paperlog: Command, digest: Site, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERLOG_WEBHOOK_URL", inbox.address)
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(media_type="text/html", body=b"<html>nothing</html>")
    done = paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
    assert done.code == 1
    (message,) = inbox.messages
    assert message["subject"] == "paperlog ingest: 4 loaded, 1 refused (layout_changed)"
    assert "mend: paperlog requeue --source hf_daily" in str(message["text"])
    assert f"hf_daily {MONDAY}: refused: " in str(message["text"])
    assert "secret" not in done.out + done.err


def test_a_good_run_and_a_day_without_a_list_tell_nobody(
    paperlog: Command, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERLOG_WEBHOOK_URL", inbox.address)
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert paperlog("ingest", "hf_daily", "--date", SATURDAY).code == 0
    assert inbox.messages == []


@pytest.mark.parametrize("kind", ["answers 500", "is not there"])
def test_a_broken_receiver_breaks_no_run_and_its_address_is_not_shown(
    paperlog: Command,
    digest: Site,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    inbox.status = 500
    monkeypatch.setenv(
        "PAPERLOG_WEBHOOK_URL", inbox.address if kind == "answers 500" else "http://127.0.0.1:9/hook?secret=1"
    )
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(status=404)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 1
    assert "the message was not delivered" in done.err
    assert "secret" not in done.out + done.err


class Dripping(Handler):
    """Where an answer never comes to its end."""

    is_over: Event

    def answer(self) -> None:
        """Give a byte of it every now and then."""
        self.send(200, b" ", Content_Length="1000000")
        while not self.is_over.wait(0.1):
            self.wfile.write(b" ")


def test_a_receiver_whose_answer_never_ends_holds_nothing_up() -> None:
    is_over = Event()
    with serving(Dripping, is_over=is_over) as base:
        settings = from_environment({"PAPERLOG_WEBHOOK_URL": f"{base}/hook?secret=1234"})
        trouble = notify(settings, Message(subject="one"), Patience(request_seconds=1.0, tries=1))
        is_over.set()
    assert trouble == (
        "the message was not delivered: PAPERLOG_WEBHOOK_URL: no answer within 1 s; it may have the message"
    )


def test_a_day_that_stays_open_or_missing_is_told_by_the_audit(inbox: Inbox) -> None:
    alerts = [
        Alert(kind="open", source="hf_daily", partition_on=MONDAY, detail="still open"),
        Alert(kind="gap", source="hf_daily", partition_on=FRIDAY, detail="2 never read"),
        Alert(kind="drift", source="hf_daily", partition_on=None, detail="somebody may look"),
    ]
    assert notify(from_environment({"PAPERLOG_WEBHOOK_URL": inbox.address}), message_of_audit(alerts)) is None
    (message,) = inbox.messages
    assert message["subject"] == "paperlog audit: 2 to look at"
    assert message_of_audit(alerts[2:]) is None


def test_a_long_message_is_cut(inbox: Inbox) -> None:
    message = Message(subject="many", lines=tuple(map(str, range(100))))
    assert notify(from_environment({"PAPERLOG_WEBHOOK_URL": inbox.address}), message) is None
    assert str(inbox.messages[0]["text"]).splitlines()[-1] == "and 70 more"


def test_what_a_message_quotes_from_a_page_calls_nobody(inbox: Inbox) -> None:
    hostile = "<!channel> <https://e.example|sign in> @here \x1b[31m\u202e [log in](https://e.example)"
    message = Message(subject=hostile, lines=(hostile,))
    assert notify(from_environment({"PAPERLOG_WEBHOOK_URL": inbox.address}), message) is None
    text = str(inbox.messages[-1]["text"])
    assert not any(each in text for each in ("<", ">", "@here", "](", "\x1b", "\u202e"))
    assert not any(each in str(inbox.messages[-1]["subject"]) for each in ("\x1b", "\u202e"))


def test_days_in_a_row_are_one_line_of_a_message() -> None:
    alerts = [
        Alert(kind="open", source="hf_daily", partition_on=MONDAY, detail="still open"),
        Alert(kind="open", source="hf_daily", partition_on=FRIDAY, detail="still open"),
    ]
    message = message_of_audit(alerts)
    assert message is not None
    assert message.lines == (f"open: hf_daily {MONDAY}, {FRIDAY}: still open",)
