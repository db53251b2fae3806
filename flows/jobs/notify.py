"""One message to a person when a run or an audit found something to look at; a broken receiver breaks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.jobs.audit import Concern
from flows.pipeline.outcome import Report
from flows.settings import Settings

LINES_MAX = 30
SECONDS_MAX = 10.0
# Kinds of concerns that a person must do something about; the rest waits for somebody who asks.
URGENT = frozenset({"integrity", "gap", "open", "silent", "failed", "refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What happened in one line, and the particulars."""

    subject: str
    lines: tuple[str, ...] = ()

    @property
    def body(self) -> Mapping[str, Any]:
        """As JSON: `text` is what common chat systems show of it."""
        shown = [*self.lines[:LINES_MAX], *([f"and {left} more"] if (left := len(self.lines) - LINES_MAX) > 0 else [])]
        return {"text": "\n".join([self.subject, *shown]), "subject": self.subject, "lines": shown}


def message_of_report(report: Report) -> Message | None:
    """What a person should know of a run: refused, failed, not asked for, or a page that drifts; None if nothing."""
    drifts = any(each.check_name.startswith("drift_") for result in report.results for each in result.findings)
    if not (report.bad or report.unasked_count or drifts):
        return None
    return Message(subject=f"paperlog {report.summary}", lines=tuple(report.complaints()))


def message_of_audit(concerns: Iterable[Concern]) -> Message | None:
    """What a person should do something about; None if nothing."""
    urgent: Sequence[Concern] = [each for each in concerns if each.kind in URGENT]
    if not urgent:
        return None
    return Message(subject=f"paperlog audit: {len(urgent)} to look at", lines=tuple(each.line for each in urgent))


def tell(settings: Settings, message: Message | None) -> str | None:
    """Send the message where PAPERLOG_WEBHOOK_URL says; returns why it could not be sent, never raises for that."""
    if message is None or settings.webhook is None:
        return None
    import requests  # noqa: PLC0415 - needs a third of a second, and most commands tell nobody anything

    try:
        answer = requests.post(settings.webhook, json=message.body, timeout=SECONDS_MAX, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return f"the message was not delivered: {type(error).__name__}"  # its text would show the address
    return None if answer.ok else f"the message was not delivered: its receiver answered {answer.status_code}"
