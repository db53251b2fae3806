"""Arguments that several commands share, checked before anything starts: a bad date never reaches a job."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

import click

from extractors.errors import UnknownSource
from extractors.sources import SOURCES, nearest, source_named
from flows import days
from flows.days import DayError, Days
from flows.logs import show_logs
from transforms.series import family_of

Read = TypeVar("Read")
_BACK = re.compile(r"-\d{1,4}d", re.ASCII)


class Source(click.Choice[str]):
    """The name of a source, or one list of a source of several; a mistyped one is answered with the nearest."""

    def __init__(self) -> None:
        super().__init__(list(SOURCES))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Click's own choice; the name of a list is checked by its source."""
        if family_of(value) == value or family_of(value) not in SOURCES:
            return super().convert(value, param, ctx)
        try:
            return source_named(value).name
        except UnknownSource as error:
            self.fail(str(error), param, ctx)

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """Click's own message, and a suggestion."""
        near = nearest(str(value))
        meant = f" Did you mean {near!r}?" if near else ""
        return f"{super().get_invalid_choice_message(value, ctx)}{meant}"


class DayCommand(click.Command):
    """A command with a day as an argument: `-7d` there is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Days counted back as the days that they are, then as click does."""
        return super().parse_args(ctx, [str(day(each)) if _BACK.fullmatch(each) else each for each in args])


def span(text: str) -> Days:
    """A day, or all days of a month."""
    return _checked(lambda: days.days(text, days.today()))


def day(text: str) -> date:
    """One day."""
    return _checked(lambda: days.one_day(text, days.today()))


def instant(text: str) -> datetime:
    """An instant as ISO 8601, in UTC if it has no offset."""
    return _checked(lambda: days.instant(text))


def reason_of(text: str) -> str:
    """A reason with a letter or digit in it, or a usage error: those who read it later have nothing else."""
    if not any(sign.isalnum() for sign in text):
        raise click.BadParameter("write why, in words")
    return text.strip()


SOURCE = Source()
source_argument = click.argument("source", type=SOURCE, metavar="SOURCE")
date_option = click.option(
    "--date", "only", type=span, metavar="DATE", help="One day, or a month as 2026-03; today if no day is given."
)
from_option = click.option("--from", "first", type=span, metavar="DATE", help=f"First day: {days.FORMS}.")
to_option = click.option("--to", "last", type=span, metavar="DATE", help="Last day, included; today if left out.")
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


reason_option = click.option(
    "--reason", type=reason_of, metavar="REASON", required=True, help="Why, for those who read it later."
)
publish_option = click.option("--publish/--no-publish", default=True, help="Replace the snapshot at the end (default).")
answer_option = click.option(
    "--answer", is_flag=True, help="Ask the source's API in place of its pages: a part of a list, which closes no day."
)
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


def duration(text: str) -> timedelta:
    """A length of time as people write it: 90m, 26h or 2d."""
    found = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if found is None or not int(found[1]):
        raise click.BadParameter(f"{text!r} is no age: write for example 90m, 26h or 2d")
    return int(found[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[found[2]]


def span_of(first: Days | None, last: Days | None, only: Days | None = None) -> tuple[date, date]:
    """Both ends of a range to fetch, checked: in order, and not in the future. `only` stands for both ends."""
    return _checked(lambda: days.span_to_fetch(first, last, only))


def span_kept(first: Days | None, last: Days | None) -> tuple[date | None, date | None]:
    """Both ends of a range of what is kept, open where nothing is given."""
    return _checked(lambda: days.span_kept(first, last))


def _checked(read: Callable[[], Read]) -> Read:
    """What is read, or a usage error with the reason."""
    try:
        return read()
    except DayError as error:
        raise click.BadParameter(str(error)) from None
