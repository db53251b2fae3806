"""One message to a person when a run or an audit found something to look at; a broken receiver breaks nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.alerts.mend import advice, next_steps
from flows.digest.channel import Undelivered
from flows.digest.send import Patience, Receiver, post
from flows.jobs.audit import Alert
from flows.pipeline.outcome import JobResult
from flows.settings import Settings
from flows.shown import in_chat, in_one_line

LINES_MAX = 30
ONCE = Patience(connect_seconds=10.0, request_seconds=10.0, tries=1)
# Kinds of alerts that a person must do something about; the others are shown to whoever runs the audit.
URGENT = frozenset({"integrity", "gap", "open", "silent", "failed", "refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What happened in one line, and the particulars."""

    subject: str
    lines: tuple[str, ...] = ()

    @property
    def body(self) -> Mapping[str, Any]:
        """As JSON: chat systems show `text`, where nothing of a page is markup; the others are for programs."""
        more = len(self.lines) - LINES_MAX
        cut = [*self.lines[:LINES_MAX], *([f"and {more} more"] if more > 0 else [])]
        subject, *shown = (in_one_line(each) for each in (self.subject, *cut))
        return {"text": in_chat("\n".join([subject, *shown])), "subject": subject, "lines": shown}


def message_of_job(result: JobResult, fetched: Iterable[str]) -> Message:
    """What a person should know about a job that needs attention; `fetched` are the sources that have an address."""
    lines = (*result.complaints(), *next_steps(result, fetched))
    return Message(subject=f"paperlog {result.summary}", lines=lines)


def message_of_audit(alerts: Iterable[Alert]) -> Message | None:
    """A message about what a person should do something about; None if there is nothing."""
    urgent = [each for each in alerts if each.kind in URGENT]
    if not urgent:
        return None
    lines = tuple(f"{each.head}: {each.text}" for each in advice(urgent, ()))
    return Message(subject=f"paperlog audit: {len(urgent)} to look at", lines=lines)


def notify(settings: Settings, message: Message | None, patience: Patience = ONCE) -> str | None:
    """Send the message to PAPERLOG_WEBHOOK_URL, if there are both. Delivery errors are returned, never raised."""
    if message is None or settings.webhook is None:
        return None
    try:
        post(Receiver(name="PAPERLOG_WEBHOOK_URL", url=settings.webhook), json.dumps(message.body), patience=patience)
    except Undelivered as error:
        return f"the message was not delivered: {error}"
    return None
