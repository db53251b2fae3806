"""Arguments that several commands share, checked before anything starts: a bad date never reaches a flow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import click

from extractors.sources import SOURCES

Command = Callable[..., Any]


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error that shows the text."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a date: write YYYY-MM-DD", param, ctx)


class Instant(click.ParamType[datetime]):
    """An instant as ISO 8601; without an offset it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant in UTC, or a usage error that shows the text."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time: write for example 2026-04-11T08:57:36Z", param, ctx)


source_argument_type = click.Choice(list(SOURCES))
source_argument = click.argument("source", type=source_argument_type, metavar="SOURCE")
from_option = click.option("--from", "first", type=Day(), help="First day, included.")
to_option = click.option("--to", "last", type=Day(), help="Last day, included; today if left out.")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON for programs.")
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
    type=Instant(),
    help="When the files were read, if no name ending in __fetched_YYYYMMDDTHHMMSSZ says so; default: the file's time.",
)


def today() -> date:
    """The day that it is in UTC: sources name their days so."""
    return datetime.now(UTC).date()


def span_of(first: date | None, last: date | None) -> tuple[date, date]:
    """Both ends of a range to fetch, checked: in order, and not in the future."""
    if first is None:
        if last is not None:
            raise click.UsageError("--to needs --from")
        return today(), today()
    end = last or max(first, today())
    check_order(first, end)
    for day in (first, end):
        if day > today():
            raise click.UsageError(f"{day} lies in the future: today is {today()} (UTC)")
    return first, end


def check_order(first: date | None, last: date | None) -> None:
    """A range must not run backwards."""
    if first and last and last < first:
        raise click.UsageError(f"--from {first} lies after --to {last}")
