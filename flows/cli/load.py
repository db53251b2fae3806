"""The commands that write: each calls a plain body, or the same body as a Prefect flow."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from extractors.sources import source_named
from flows.cli import options, output
from flows.cli.progress import progress
from flows.jobs.adopt import adopt as adopt_body
from flows.jobs.adopt import files_of
from flows.jobs.backfill import backfill as backfill_body
from flows.jobs.ingest import fetched, wanted
from flows.jobs.ingest import ingest as ingest_body
from flows.jobs.notify import message_of_report, tell
from flows.jobs.replay import replay as replay_body
from flows.jobs.replay_diff import difference
from flows.jobs.replay_diff import told as difference_told
from flows.pipeline.chunks import DIRECT, publish_snapshot
from flows.pipeline.outcome import Report
from flows.pipeline.steps import Span
from flows.settings import Settings, from_environment, has_prefect_api
from warehouse import Manifest


class PrefectRunFailed(Exception):
    """Prefect could not run the flow at all."""


@click.command()
@options.source_argument
@click.option("--date", "day", type=options.Day(), help="One day; today if no day is given.")
@options.from_option
@options.to_option
@options.publish_option
@options.prefect_option
def ingest(
    source: str, day: date | None, first: date | None, last: date | None, publish: bool, through_prefect: bool | None
) -> None:
    """Fetch and load one or many partitions of SOURCE.

    A page is kept before anybody reads it. A day without a list is recorded as such and is no failure; a page that
    changed its shape is refused as a whole, and the other days still load.
    """
    first, last = _one_span(day, first, last)
    settings = _fetching(source)
    if _is_through_prefect(through_prefect):
        _end(_through_prefect("ingest", first, source=source, to=last, publish=publish))
    with progress() as told:
        report = ingest_body(settings, source, wanted(source, first, last), DIRECT, told, publish=publish)
    _told(settings, report)
    _end(report)


@click.command()
@options.source_argument
@options.from_option
@options.to_option
@click.option("--all", "everything", is_flag=True, help="Also what is final already.")
@options.publish_option
@options.prefect_option
def backfill(
    source: str,
    first: date | None,
    last: date | None,
    everything: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Fetch and load what is missing, open or refused between two days; stopped anywhere, a second call goes on."""
    if first is None:
        raise click.UsageError("--from is needed")
    first, last = options.span_of(first, last)
    settings = _fetching(source)
    if _is_through_prefect(through_prefect):
        _end(_through_prefect("backfill", first, source=source, to=last, everything=everything, publish=publish))
    with progress() as told:
        report = backfill_body(settings, source, first, last, DIRECT, told, everything=everything, publish=publish)
    _told(settings, report)
    _end(report)


@click.command()
@options.source_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@options.fetched_at_option
@options.publish_option
@options.prefect_option
def adopt(
    source: str, files: tuple[Path, ...], fetched_at: datetime | None, publish: bool, through_prefect: bool | None
) -> None:
    """Keep and load pages or dumps of SOURCE that you already have; a directory stands for the files in it."""
    settings = from_environment()
    paths = files_of(files)
    if _is_through_prefect(through_prefect):
        names = [str(path.absolute()) for path in paths]
        _end(_through_prefect("adopt", source=source, files=names, fetched_at=fetched_at, publish=publish))
    with progress() as told:
        report = adopt_body(settings, source, paths, DIRECT, told, fetched_at=fetched_at, publish=publish)
    _told(settings, report)
    _end(report)


@click.command()
@click.option("--source", type=options.source_argument_type, help="Only pages of this source.")
@options.from_option
@click.option("--to", "last", type=options.Day(), help="Last day, included.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Build another home instead of this one."
)
@click.option("--diff", "as_diff", is_flag=True, help="Only tell what all kept pages would change, and write nothing.")
@options.publish_option
@options.prefect_option
def replay(
    source: str | None,
    first: date | None,
    last: date | None,
    into: Path | None,
    as_diff: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Read the kept pages again, in the order in which they were kept, without network.

    Into the same home it heals what a page can heal and changes nothing else. With --into it builds another home with
    its own copies of the pages; the same pages give the same facts there.
    """
    options.check_order(first, last)
    settings = from_environment()
    if as_diff:
        if source or first or last or into:
            raise click.UsageError("--diff compares everything that is kept: give no other option")
        with progress() as told:
            found = difference(settings, DIRECT, told)
        click.echo("\n".join(difference_told(found)))
        return
    if into and into.absolute() == settings.home:
        raise click.UsageError("--into names the home that is replayed")
    if _is_through_prefect(through_prefect):
        name = str(into.absolute()) if into else None
        _end(_through_prefect("replay", first, source=source, to=last, into=name, publish=publish))
    with progress() as told:
        span = Span(first=first, last=last)
        report = replay_body(settings, DIRECT, told, source=source, span=span, into=into, publish=publish)
    _told(settings, report)
    _end(report)


@click.command()
@click.option(
    "--full/--plain",
    default=None,
    help="Full: compact, searchable, for older DuckDB releases too. Default: full up to 20,000 papers.",
)
@options.json_option
def publish(full: bool | None, as_json: bool) -> None:
    """Replace the published snapshot by what is loaded now."""
    manifest = publish_snapshot(from_environment(), full=full)
    if as_json:
        output.print_json(manifest_of(manifest))
    else:
        click.echo(_published(manifest))


@click.command()
@options.source_argument
@click.option("--date", "day", type=options.Day(), help="One day; today if no day is given.")
@options.from_option
@options.to_option
def capture(source: str, day: date | None, first: date | None, last: date | None) -> None:
    """Fetch pages of SOURCE and keep them in the landing without reading them; `replay` loads them later."""
    first, last = _one_span(day, first, last)
    partitions = wanted(source, first, last)
    with progress() as told:
        told.expect(len(partitions))
        had = fetched(_fetching(source), source, partitions, datetime.now(UTC), DIRECT, told)
    for each in had:
        if each.reason:
            click.echo(f"{source} {each.asked_on}: failed: {each.reason}", err=True)
    click.echo(f"capture: {sum(each.kept is not None for each in had)} of {len(had)} pages kept")
    sys.exit(any(each.kept is None for each in had))


def manifest_of(manifest: Manifest) -> dict[str, object]:
    """A manifest as a dictionary."""
    return {
        "published_at": manifest.published_at,
        "run_id": manifest.run_id,
        "schema_version": manifest.schema_version,
        "digest": manifest.digest,
        "row_counts": dict(manifest.row_counts),
    }


def _one_span(day: date | None, first: date | None, last: date | None) -> tuple[date, date]:
    if day is None:
        return options.span_of(first, last)
    if first or last:
        raise click.UsageError("give either --date or --from and --to")
    return options.span_of(day, day)


def _fetching(source: str) -> Settings:
    """The settings, once it is sure that the source can be fetched."""
    settings = from_environment()
    if source_named(source).request is None:
        raise click.UsageError(f"{source} cannot be fetched: adopt files of it instead")
    if source not in settings.urls:
        raise click.UsageError(f"set PAPERLOG_{source.upper()}_URL first: {source} has no public address")
    return settings


def _is_through_prefect(wish: bool | None) -> bool:
    return has_prefect_api() if wish is None else wish


def _through_prefect(name: str, *first: date | None, **named: object) -> Report:
    """Run a flow in this process, reporting to Prefect. Only here is Prefect imported: it takes seconds."""
    from flows.scheduled import deployments as deployed  # noqa: PLC0415

    try:
        state = getattr(deployed, name)(*first, **named, return_state=True)
    except RuntimeError as error:
        raise PrefectRunFailed(f"{' '.join(str(error).split())}; --no-prefect runs without an API") from error
    report = deployed.report_of(state)
    if report is None:
        raise PrefectRunFailed(state.message or f"{name} came to no end")
    return report


def _told(settings: Settings, report: Report) -> None:
    """Tell a person, too, what the one at the terminal is about to read; a flow under Prefect does so itself."""
    if (trouble := tell(settings, message_of_report(report))) is not None:
        click.echo(trouble, err=True)


def _end(report: Report) -> None:
    for line in report.complaints():
        click.echo(line, err=True)
    click.echo(report.summary)
    if report.manifest:
        click.echo(_published(report.manifest))
    sys.exit(1 if report.bad else 0)


def _published(manifest: Manifest) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.row_counts.items())
    return f"published {manifest.published_at:%Y-%m-%d %H:%M:%S} UTC: {counts}; digest {manifest.digest}"
