"""The commands of whoever runs Paperlog: settings, back-up, health, upkeep."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from flows.alerts.mend import advice
from flows.cli import options, output
from flows.jobs.audit import Alert
from flows.jobs.maintain import maintain as maintain_job
from flows.logs import is_json, show_logs
from flows.operate.backup import backup as make_backup
from flows.operate.backup_list import Backup, Copied
from flows.operate.check import check as run_check
from flows.operate.check import withheld_count
from flows.operate.diagnosis import Level
from flows.operate.doctor import PARTS
from flows.operate.doctor import doctor as examine
from flows.operate.restore import restore as restore_backup
from flows.operate.size import sizes
from flows.places.warehouse import warehouse_at, warehouse_of
from flows.settings import WAREHOUSE, Settings, from_environment, unknown_variables, values_of
from flows.shown import counted
from warehouse import Warehouse, WarehouseError
from warehouse import move as move_facts


@click.command()
@options.json_option
def config(as_json: bool) -> None:
    """Show every setting, its value and where it comes from: the environment, the settings file, or the default.

    The file is `paperlog.toml` in the current folder, or the one that PAPERLOG_CONFIG names. Secrets are not shown.
    """
    for line in unknown_variables():
        output.line(f"warning: {line}", is_error=True)
    values = values_of().values()
    rows = [
        {"setting": each.variable.name, "key": each.variable.key, "value": each.shown, "from": each.origin}
        for each in values
    ]
    output.show(output.table_of(rows), as_json=as_json)
    from_environment()  # a value that cannot be used is shown above, and then refused by name


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@options.json_option
def backup(directory: Path, as_json: bool) -> None:
    """Copy the home into DIRECTORY, also while it is in use: pages, decisions, the warehouse and all snapshots.

    A list of hashes is written last. A second time only new pages are copied. Ended in between, an earlier back-up in
    DIRECTORY stands. A damaged page is named, with exit code 1: a good one in DIRECTORY stays.
    """
    _show_backup("backed up", make_backup(from_environment(), directory), directory, as_json=as_json)


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.json_option
def restore(directory: Path, as_json: bool) -> None:
    """Put the back-up in DIRECTORY into PAPERLOG_HOME, which must be empty; every file is checked first."""
    _show_backup("restored", restore_backup(from_environment(), directory), directory, as_json=as_json)


@click.command()
@click.option(
    "--only",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    metavar="PART",
    help=f"One of {', '.join(PARTS)}; repeat.",
)
@click.option("--webhook", "try_webhook", is_flag=True, help="Also send a test message to PAPERLOG_WEBHOOK_URL.")
@options.json_option
def doctor(parts: tuple[str, ...], try_webhook: bool, as_json: bool) -> None:
    """Look at everything that must be right: Python, packages, home, disk, clock, sites, webhook, server and worker.

    One line each: ok, warn or fail, and what to do. Exit code 1 if something fails.
    """
    found = examine(from_environment(), parts=parts or PARTS, try_webhook=try_webhook)
    output.answer([each.row for each in found], "\n".join(each.line for each in found), as_json=as_json)
    sys.exit(any(each.level is Level.FAIL for each in found))


@click.command()
@click.option(
    "--max-age",
    default="26h",
    show_default=True,
    type=options.duration,
    metavar="AGE",
    help="Of the snapshot: 90m, 26h, 2d.",
)
@options.json_option
def check(max_age: timedelta, as_json: bool) -> None:
    """For a monitor: is the snapshot fresh, and what its manifest says; has the disk room; did the last runs end well?

    One line for each finding, and exit code 1 if there is one.
    """
    settings = from_environment()
    found = run_check(settings, now=datetime.now(UTC), max_age=max_age)
    count = withheld_count(settings)
    lines = [_with_mend(each, settings) for each in found] or ["ok"]
    lines += [f"withheld: {counted(count, 'text or name', 'texts and names')}"] if count else []
    answer = {"ok": not found, "findings": [each.row for each in found], "withheld": count}
    output.answer(answer, "\n".join(lines), as_json=as_json)
    sys.exit(bool(found))


def _with_mend(found: Alert, settings: Settings) -> str:
    """The finding in one line, with the command that mends it."""
    (told,) = advice([found], settings.urls)
    return f"{found.line}; mend: {told.command}" if told.command else found.line


@click.command()
@options.json_option
def size(as_json: bool) -> None:
    """What takes room in the home: pages and readings by source, the warehouse, snapshots, the index, the server."""
    found = sizes(from_environment())
    if as_json:
        output.show(output.table_of([asdict(each) for each in found]), as_json=True)
        return
    rows = [
        {
            "what": each.kind,
            "source": each.source,
            "files": each.files_count,
            "MB": f"{each.bytes / 1e6:,.1f}",
            "MB a year": "" if each.bytes_a_year is None else f"{each.bytes_a_year / 1e6:,.0f}",
        }
        for each in found
    ]
    output.show(output.table_of(rows), as_json=False)
    output.line(f"together {sum(each.bytes for each in found) / 1e6:,.1f} MB in {from_environment().home}")


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
    done = maintain_job(from_environment(), grace=grace)
    output.answer(done.facts, done.summary, as_json=as_json)
    sys.exit(bool(done.notes_lost))


@click.command()
@click.option(
    "--to",
    "url",
    required=True,
    metavar="URL",
    help="ducklake:postgres:...?data=... for a lake, duckdb://HOME for a home.",
)
@options.json_option
def move(url: str, as_json: bool) -> None:
    """Copy the warehouse into a lake, or from a lake into a home, prove it by its digest, and publish it there.

    The target must hold no other facts, and what is there now stays as it is. Pages, decisions and what readers were
    told stay in this home; PAPERLOG_WAREHOUSE then says which of the two warehouses is used.
    """
    settings = from_environment()
    source = warehouse_of(settings)
    try:
        target = warehouse_at(settings, url)
    except WarehouseError as error:
        raise click.BadParameter(str(error), param_hint="--to") from error
    digest = move_facts(source, target, lock_seconds=settings.lock_seconds)
    with target.writer("move", lock_seconds=settings.lock_seconds) as writer:
        writer.publish(keep_days=settings.keep_snapshots)
    said = f"moved, and published there: digest {digest}; {_used_from_now_on(settings, target)}"
    output.answer({"to": url, "digest": digest}, said, as_json=as_json)


def _used_from_now_on(settings: Settings, target: Warehouse) -> str:
    """What to set, so that the warehouse to which everything moved is used."""
    if target.is_shared:
        return f"set {WAREHOUSE} to it from now on"
    if target.home.absolute() == settings.home:
        return f"unset {WAREHOUSE} from now on"
    pages = f"the kept pages stay in {settings.bucket or settings.landing}"
    return f"unset {WAREHOUSE} and set PAPERLOG_HOME to {target.home} from now on; {pages}"


@click.command()
@click.option("--port", default=4200, show_default=True, type=click.IntRange(1, 65535), help="Of the Prefect server.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens; 0.0.0.0 for every network.")
def up(port: int, host: str) -> None:
    """Run everything until it is stopped: a Prefect server, the schedules, and a worker, with their logs.

    What ends by itself is started again. Stopped with Ctrl-C, SIGTERM or `kill -9`, the next `up` goes on where it was.
    Where PREFECT_API_URL names a server, only the schedules and the worker are run on it.
    """
    from flows.scheduled.up import up as run_all  # noqa: PLC0415 - only this command needs it

    if not is_json():
        show_logs(as_json=False)  # also for a person who watches: it has no bar
    run_all(from_environment(), host=host, port=port)


def _show_backup(what: str, copied: Copied, directory: Path, *, as_json: bool) -> None:
    made = copied.backup
    value = {"directory": str(directory), "made_at": made.made_at, "published_at": made.published_at}
    value |= {"files": len(made.files), "bytes": made.size, "digest": made.digest, "damaged": copied.damaged}
    value |= {"has_lake": made.has_lake}
    line = f"{what}: {len(made.files):,} files, {made.size / 1e6:,.1f} MB; {_digest_of(made)}"
    output.answer(value, line, as_json=as_json)
    if made.has_lake:
        said = "the lake's facts are not in this back-up: docs/lake.md says how to back up its catalog and its files"
        output.line(said, is_error=True)
    for damaged in copied.damaged:
        output.line(f"damaged: {damaged}", is_error=True)
    sys.exit(bool(copied.damaged))


def _digest_of(made: Backup) -> str:
    if made.has_lake:
        return f"digest of the published file {made.digest}" if made.digest else "no file was published from the lake"
    return f"digest {made.digest or 'none: nothing was published'}"
