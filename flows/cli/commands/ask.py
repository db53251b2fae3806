"""The commands that read: they open the published snapshot, and neither wait for a writer nor import Prefect."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

import click

from flows import days
from flows.alerts.mend import advice
from flows.cli import options, output
from flows.jobs.audit import Alert
from flows.jobs.audit import audit as audit_job
from flows.jobs.audit import gaps as gaps_of
from flows.jobs.audit import states as states_of
from flows.jobs.month_grid import calendars, text_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings, from_environment
from flows.shown import counted
from warehouse import Reader

SQL_SECONDS = 300.0


@click.command()
@click.option("--gaps", "with_gaps", is_flag=True, help="Also list every hole: never read, not available, refused.")
@click.option("--calendar", "as_calendar", is_flag=True, help="Show the states of days as months.")
@click.option("--months", type=click.IntRange(1, 1200), default=4, show_default=True, help="How many months it shows.")
@options.json_option
def status(with_gaps: bool, as_calendar: bool, months: int, as_json: bool) -> None:
    """What is loaded, open, refused and missing, by source.

    `gaps` counts what `audit` and `--gaps` name: what is refused, was asked for in vain, or was never read.
    """
    settings = from_environment()
    with warehouse_of(settings).reader() as reader:
        gaps = tuple(gaps_of(reader, settings.lists_fetched))
        states, manifest = states_of(reader, gaps), reader.row("read_manifest")
        days = calendars(reader, settings) if as_calendar else ()
        reviews = reader.named("count_reviews").dicts[0]
        withheld = reader.named("count_withheld").dicts[0]
    if as_json:
        answer: dict[str, object] = {"home": str(settings.home), "published": manifest, "sources": states.dicts}
        answer |= {"reviews": reviews, "withheld": withheld}
        answer |= {"gaps": [each.row for each in gaps]} if with_gaps else {}
        answer |= {"calendar": {each.source: each.states for each in days}} if as_calendar else {}
        output.print_json(answer)
        return
    if as_calendar:
        output.line(text_of(days, months))
    else:
        output.show(states, as_json=False)
    if reviews["reviews"]:
        named = f"{reviews['named_by_arxiv']} have it from arXiv by their abstract, {reviews['untitled']} have none"
        output.line(f"reviews: {reviews['reviews']}; {reviews['printed']} of a paper with a printed title, {named}")
    if withheld["withheld"]:
        count = counted(int(str(withheld["withheld"])), "text or name", "texts and names")
        output.line(f"withheld: {count} of {counted(int(str(withheld['papers'])), 'paper')}")
    output.line(f"published {manifest['published_at']:%Y-%m-%d %H:%M:%S} UTC: {reader.place}")
    if with_gaps:
        _show_alerts(settings, gaps, "no gaps", as_json=False)


@click.command()
@options.json_option
def audit(as_json: bool) -> None:
    """What a person should look at: gaps, lists that stay open, silent sources, runs that nothing healed, drift."""
    settings = from_environment()
    _show_alerts(settings, audit_job(settings, now=datetime.now(UTC)), "nothing to look at", as_json=as_json)


@click.command()
@click.argument("query")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    default=SQL_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Interrupt the query after so long.",
)
@options.json_option
def sql(query: str, timeout: float, as_json: bool) -> None:
    """Answer QUERY from the published snapshot, read-only; the views of `marts` need no prefix.

    Of two columns with one name, --json calls the second one `name_2`.
    """
    with warehouse_of(from_environment()).reader() as reader:
        output.show(reader.query(query, seconds_max=timeout), as_json=as_json)


@click.command()
@click.option("--since", required=True, help="An instant (ISO 8601), a day such as today or -7d (UTC), or a run's id.")
@options.json_option
def changes(since: str, as_json: bool) -> None:
    """How the snapshot differs from the newest kept one that holds nothing later than --since.

    Snapshots are kept for as many days as PAPERLOG_KEEP_SNAPSHOTS says.
    """
    found = warehouse_of(from_environment()).changes(_moment(since))
    output.show(found, as_json=as_json, nothing="no changes")


def _moment(text: str) -> datetime | str:
    """An instant, or the first one of a day in UTC; what is neither may be a run's id."""
    with suppress(days.DayError):
        return datetime.combine(days.one_day(text, days.today()), time.min, UTC)
    with suppress(click.BadParameter):
        return options.instant(text)
    return text


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--partitioned", is_flag=True, help="A file a month, in folders as year=2026/month=3 (Hive's layout).")
@click.option(
    "--sqlite",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="In place of DIRECTORY: the views of marts as tables of one SQLite file, with keys and indexes.",
)
@options.json_option
def export(directory: Path | None, partitioned: bool, sqlite: Path | None, as_json: bool) -> None:
    """Write the facts as ordered Parquet files into DIRECTORY; the last word printed is their digest.

    Beside them lie datapackage.json and croissant.json, which say what each column means; not with --partitioned, which
    needs a new DIRECTORY. The digest is that of the facts, whatever form they are written in.
    """
    if (directory is None) == (sqlite is None) or (partitioned and sqlite):
        raise click.UsageError("give DIRECTORY, with --partitioned or without, or --sqlite FILE")
    with warehouse_of(from_environment()).reader(may_write_files=True) as reader:
        if directory is None:
            _export_sqlite(reader, Path(str(sqlite)), as_json=as_json)
            return
        digest = reader.export_partitioned(directory) if partitioned else reader.export(directory)
    files = counted(len(list(directory.rglob("*.parquet"))), "Parquet file")
    described = "" if partitioned else " and 2 that describe them"
    line = f"{directory}: {files}{described}, digest {digest}"
    output.answer({"directory": str(directory), "digest": digest}, line, as_json=as_json)


def _export_sqlite(reader: Reader, file: Path, *, as_json: bool) -> None:
    counts = reader.export_sqlite(file)
    digest = reader.row("read_manifest")["digest"]
    line = f"{file}: {len(counts)} tables, {sum(counts.values()):,} rows, digest {digest}"
    output.answer({"file": str(file), "row_counts": dict(counts), "digest": digest}, line, as_json=as_json)


def _show_alerts(settings: Settings, alerts: tuple[Alert, ...], otherwise: str, *, as_json: bool) -> None:
    """Each alert as an object for programs; for people those that repeat are one, with the command that mends it."""
    if as_json:
        output.print_json([each.row for each in alerts])
        return
    for each in advice(alerts, settings.urls):
        output.paragraph(each.head, each.text, *([f"mend: {each.command}"] if each.command else []))
    if not alerts:
        output.line(otherwise)
