"""The commands for what went wrong: `quarantine`, `requeue`, and a person's word that a partition is lost."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import click

from extractors.landing.decisions import partition_decisions
from extractors.landing.landing import Landing
from extractors.sources import source_named
from flows.cli import options, output
from flows.cli.progress import progress
from flows.jobs.questions import QUARANTINE_EXPLAINED, QUARANTINE_LISTED, records
from flows.jobs.requeue import requeue as requeue_body
from flows.pipeline.chunks import DIRECT, writing
from flows.pipeline.read import PEOPLE, new_run
from flows.settings import from_environment
from transforms.records import PartitionDecision
from warehouse import open_warehouse


@click.command()
@click.option("--source", type=options.source_argument_type, help="Only entries of this source.")
@click.option("--all", "everything", is_flag=True, help="Also entries that a later reading accepted.")
@click.option("--explain", "number", type=click.IntRange(min=1), help="Everything about the entry of that number.")
@options.json_option
def quarantine(source: str | None, everything: bool, number: int | None, as_json: bool) -> None:
    """List the entries that could not be loaded, with the reason; the same snapshot gives the same numbers."""
    settings = from_environment()
    with open_warehouse(str(settings.home)).reader() as reader:
        chosen = {"source": source, "everything": everything or number is not None}
        if number is None:
            output.show(reader.query(QUARANTINE_LISTED, chosen), as_json=as_json)
            return
        found = records(reader.query(QUARANTINE_EXPLAINED, {**chosen, "number": number}))
    if not found:
        raise click.UsageError(f"there is no entry {number} in quarantine")
    row = {**found[0], "kept_as": _kept_as(str(found[0]["source"]), str(found[0]["page_sha256"]))}
    if as_json:
        output.print_json(row)
    else:
        click.echo("\n".join(f"{name}: {output.text(value)}" for name, value in row.items()))


@click.command()
@click.option("--source", type=options.source_argument_type, help="Only pages of this source.")
@options.publish_option
def requeue(source: str | None, publish: bool) -> None:
    """Read the kept pages again of which something is in quarantine, refused or failed; no network.

    Run it after an extractor was mended. What was rejected stays listed with `quarantine --all` as resolved.
    """
    with progress() as told:
        report = requeue_body(from_environment(), DIRECT, told, source=source, publish=publish)
    for line in report.complaints():
        click.echo(line, err=True)
    click.echo(report.summary)
    sys.exit(1 if report.bad else 0)


@click.command()
@options.source_argument
@click.argument("day", type=options.Day(), metavar="DATE")
@click.option("--reason", required=True, help="Why, for those who read it later.")
@click.option("--undo", is_flag=True, help="Take the word back: it is to be sought again.")
def unrecoverable(source: str, day: date, reason: str, undo: bool) -> None:
    """Say that the partition DATE of SOURCE can never be had: no backfill asks for it, and it is no gap any more.

    A list that comes after all outweighs the word. The word is kept beside the pages and honoured by every replay.
    """
    settings = from_environment()
    if day not in source_named(source).partitions(day, day) and not undo:
        click.echo(f"note: {day} is no day of {source}'s calendar", err=True)
    decision = PartitionDecision(
        source=source, partition_on=day, is_lost=not undo, reason=reason, decided_at=datetime.now(UTC)
    )
    partition_decisions(settings.landing).keep([decision])
    with writing(settings, "unrecoverable") as writer:
        outcome = writer.give_up(new_run("unrecoverable", PEOPLE, None), [decision])
        writer.publish()
    said = "to be sought again" if undo else "unrecoverable"
    click.echo(f"{source} {day}: {said}, recorded in run {outcome.run_id}")


def _kept_as(source: str, sha256: str) -> str | None:
    landing = Landing(from_environment().landing)
    return next((str(landing.path_of(kept)) for kept in landing.readings(source) if kept.sha256 == sha256), None)
