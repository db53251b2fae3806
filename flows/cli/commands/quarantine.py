"""The commands for what went wrong: look at it, mend it, read pages again, give a partition up, take it back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec

from extractors.landing.adopt import page_of_file
from extractors.sources import source_named
from flows import days
from flows.cli import options, output
from flows.cli.ending import tell_and_end
from flows.cli.progress import working
from flows.jobs.adopt import require_list
from flows.jobs.decide import Wish, give_up
from flows.jobs.decide import forget as forget_job
from flows.jobs.replay import requeue as requeue_job
from flows.pipeline.read import new_run, read_page
from flows.places.landing import landing_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings, from_environment
from transforms.records import PartitionDecision

BATCH_SHOWN = ("partition_on", "outcome", "reason", "sightings", "rejections", "findings")


@click.command()
@click.option("--source", type=options.SOURCE, help="Only entries of this source.")
@click.option("--all", "everything", is_flag=True, help="Also entries that a later reading accepted.")
@click.option("--explain", "number", type=click.IntRange(min=1), help="Everything about the entry of that number.")
@options.json_option
def quarantine(source: str | None, everything: bool, number: int | None, as_json: bool) -> None:
    """List the entries that could not be loaded, with the reason; the same snapshot gives the same numbers."""
    settings = from_environment()
    with warehouse_of(settings).reader() as reader:
        chosen: dict[str, object] = {"source": source, "everything": everything or number is not None}
        if number is None:
            output.show(reader.named("read_quarantine_list", chosen), as_json=as_json)
            return
        found = reader.named("read_quarantine_entry", chosen | {"number": number}).dicts
    if not found:
        raise click.UsageError(f"there is no entry {number} in quarantine")
    entry = {**found[0], "kept_as": _path_of(settings, str(found[0]["source"]), str(found[0]["page_sha256"]))}
    lines = "\n".join(f"{name}: {output.text(value)}" for name, value in entry.items())
    output.answer(entry, lines, as_json=as_json)


@click.command()
@click.option("--source", type=options.SOURCE, help="Only pages of this source.")
@options.publish_option
def requeue(source: str | None, publish: bool) -> None:
    """Read the kept pages again of which something is in quarantine, refused or failed; no network.

    Run it after an extractor was mended. What was rejected stays listed with `quarantine --all` as resolved.
    """
    settings = from_environment()
    with working(settings, publish=publish) as work:
        result = requeue_job(work, source=source)
    tell_and_end(settings, result)


@click.command(cls=options.DayCommand)
@options.source_argument
@click.argument("day", type=options.day, metavar="DATE")
@options.reason_option
@click.option("--undo", is_flag=True, help="Take the decision back: backfills ask for it again.")
def unrecoverable(source: str, day: date, reason: str, undo: bool) -> None:
    """Decide that the partition DATE of SOURCE is lost: no backfill asks for it, and it is no gap any more.

    A page loaded later overrides the decision. It is kept beside the pages, and every replay repeats it.
    """
    require_list(source)
    if day > days.today() and not undo:
        raise click.UsageError(f"{day} is in the future: nothing can be lost yet")
    if day not in source_named(source).partitions(day, day) and not undo:
        output.line(f"note: {day} is no day of {source}'s calendar", is_error=True)
    now = datetime.now(UTC)
    decision = PartitionDecision(source=source, partition_on=day, is_lost=not undo, reason=reason, decided_at=now)
    (run,) = give_up(from_environment(), "unrecoverable", [decision]).results
    state = "to be asked for again" if undo else "unrecoverable"
    output.line(f"{source} {day}: {state}, recorded in run {run.outcome.run_id}")


@click.command()
@options.source_argument
@click.argument("day", type=options.day, metavar="DATE")
@options.reason_option
@click.option("--undo", is_flag=True, help="Take the decision back: the readings count again.")
def forget(source: str, day: date, reason: str, undo: bool) -> None:
    """Take back the partition DATE of SOURCE: it should never have been asked for, or a wrong page claimed it.

    Its readings no longer count, nor what follows from them: papers, numbers, gaps. The pages stay in the landing, and
    every replay repeats the decision. What is read later counts: ask for the day again and it is back.
    """
    require_list(source)
    result = forget_job(from_environment(), Wish(source=source, partition_on=day, is_forgotten=not undo, reason=reason))
    if not result.results or result.manifest is None:
        output.line(f"{source} {day}: nothing to do, that was decided before")
        return
    state = "counts again" if undo else "taken back"
    papers = f"{result.manifest.row_counts['papers']:,} papers"
    output.line(f"{source} {day}: {state}, recorded in run {result.results[0].outcome.run_id}; {papers}")


@click.command()
@options.source_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.fetched_at_option
@click.option("--loaded", is_flag=True, help="What a load would get: sightings, rejections and findings.")
def parse(source: str, file: Path, fetched_at: datetime | None, loaded: bool) -> None:
    """Print what SOURCE's extractor reads from FILE as JSON; nothing is kept or loaded."""
    page = page_of_file(file, source, fetched_at)
    if loaded:
        batches = read_page(source_named(source), page, new_run("parse", source, None))
        shown = [{name: getattr(each, name) for name in BATCH_SHOWN} for each in batches]
    else:
        shown = [{"listing": listing} for listing in source_named(source).parse(page)]
    output.print_json(msgspec.to_builtins(shown))


def _path_of(settings: Settings, source: str, sha256: str) -> str | None:
    landing = landing_of(settings)
    return next((landing.shown(kept) for kept in landing.readings(source) if kept.sha256 == sha256), None)
