"""The commands for a warehouse that several machines share: its upkeep, and the way into it and out of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import click

from flows.cli import options, output
from flows.settings import WAREHOUSE, from_environment
from flows.warehouse import summary_of_upkeep, warehouse_at, warehouse_of
from warehouse import move as move_facts


@click.command()
@click.option(
    "--grace",
    default="24h",
    show_default=True,
    type=options.duration,
    metavar="TIME",
    help="How long a state that is published no more stays readable: 90m, 26h, 2d.",
)
@options.json_option
def maintain(grace: timedelta, as_json: bool) -> None:
    """Bring a lake into order: many small files become few, and states go that nobody may open any more.

    Readers are not disturbed, and the same facts are read before and after. A warehouse in the home needs no upkeep.
    """
    settings = from_environment()
    done = warehouse_of(settings).maintain(grace=grace, lock_seconds=settings.lock_seconds)
    output.answer(None if done is None else asdict(done), summary_of_upkeep(done), as_json=as_json)


@click.command()
@click.option(
    "--to", "url", required=True, metavar="URL", help="ducklake:postgres:…?data=… for a lake, duckdb://HOME for a home."
)
@options.json_option
def move(url: str, as_json: bool) -> None:
    """Copy the warehouse into a lake, or from a lake into a home, prove it by its digest, and publish it there.

    The target must hold no facts, and what is there now stays as it is. Pages, decisions and what readers were told
    stay in this home; PAPERLOG_WAREHOUSE then says which of the two warehouses is used.
    """
    settings = from_environment()
    source, target = warehouse_of(settings), warehouse_at(settings, url)
    digest = move_facts(source, target, lock_seconds=settings.lock_seconds)
    with target.writer("move", lock_seconds=settings.lock_seconds) as writer:
        writer.publish(keep_days=settings.keep_snapshots)
    said = f"moved, and published there: digest {digest}; set {WAREHOUSE} to it from now on"
    output.answer({"to": url, "digest": digest}, said, as_json=as_json)
