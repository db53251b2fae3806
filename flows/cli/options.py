"""Arguments that several commands share, checked before anything starts: a bad date never reaches a job."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import click

from extractors.sources import SOURCES
from flows.logs import show_logs


def day(text: str) -> date:
    """A date as YYYY-MM-DD, or a usage error that shows the text."""
    try:  # not `fromisoformat`, which also reads 20250303 and 2025-W10-1
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from None


def instant(text: str) -> datetime:
    """An instant as ISO 8601, in UTC if it has no offset, or a usage error that shows the text."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{text!r} is not a time: write for example 2026-04-11T08:57:36Z") from None


SOURCE = click.Choice(list(SOURCES))
source_argument = click.argument("source", type=SOURCE, metavar="SOURCE")
date_option = click.option("--date", "only", type=day, metavar="DATE", help="One day; today if no day is given.")
from_option = click.option("--from", "first", type=day, metavar="DATE", help="First day, included.")
to_option = click.option("--to", "last", type=day, metavar="DATE", help="Last day, included; today if left out.")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON for programs.")


def _show_logs(_context: click.Context, _option: click.Parameter, as_json: bool) -> None:
    """A bar stays free of other lines; wherever nobody watches, each line has its time and level."""
    if as_json or not sys.stderr.isatty():
        show_logs(as_json=as_json)


log_option = click.option(
    "--log-json",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_logs,
    help="Progress and log lines as JSON on standard error, an object a line.",
)
reason_option = click.option("--reason", required=True, help="Why, for those who read it later.")
publish_option = click.option("--publish/--no-publish", default=True, help="Replace the snapshot at the end (default).")
prefect_option = click.option(
    "--prefect/--no-prefect",
    "through_prefect",
    default=None,
    help="Run as a Prefect flow. Default: only where PREFECT_API_URL is set. Without an API, --prefect starts a "
    "temporary server, which takes up to half a minute.",
)
fetched_at_option = click.option(
    "--fetched-at",
    type=instant,
    metavar="TIME",
    help="When the files were read, if no name ending in __fetched_YYYYMMDDTHHMMSSZ says so; default: the file's time.",
)


def span_of(first: date | None, last: date | None, only: date | None = None) -> tuple[date, date]:
    """Both ends of a range to fetch, checked: in order, and not in the future. `only` stands for a range of one day."""
    if only and (first or last):
        raise click.UsageError("give either --date or --from and --to")
    if last and not first:
        raise click.UsageError("--to needs --from")
    today = datetime.now(UTC).date()  # sources name their days in UTC
    first = only or first or today
    last = only or last or max(first, today)
    check_order(first, last)
    if last > today:
        raise click.UsageError(f"{last} is in the future: today is {today} (UTC)")
    return first, last


def check_order(first: date | None, last: date | None) -> None:
    """A range must not run backwards."""
    if first and last and last < first:
        raise click.UsageError(f"--from {first} is after --to {last}")
