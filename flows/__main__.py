"""The command line: exit code 0 done, 1 refused or failed, 2 wrong usage; no traceback for what a user can cause."""

from __future__ import annotations

import sys

import click

from extractors.errors import PageChanged, WrongPartition
from extractors.landing import LandingError
from flows.asking import audit, export, parse, sql, status
from flows.deciding import UnknownPaper, merge, resolve, split
from flows.replay import NothingKept
from flows.report_page import NoSuchWeek
from flows.reporting import report
from flows.settings import SettingsError, variables
from flows.writing import PrefectRunFailed, adopt, backfill, capture, ingest, publish, replay
from warehouse import WarehouseError

EXPECTED = (
    WarehouseError,
    LandingError,
    NothingKept,
    NoSuchWeek,
    PageChanged,
    WrongPartition,
    PrefectRunFailed,
    UnknownPaper,
    OSError,
)


def _environment() -> str:
    lines = (f"  {each.name} ({each.default or 'not set'}): {each.meaning}" for each in variables())
    return "\b\nEnvironment:\n" + "\n".join(lines)


@click.group(epilog=_environment(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="paperlog")
def cli() -> None:
    """Digests of machine-learning papers in one DuckDB warehouse.

    Commands that write report to Prefect where PREFECT_API_URL is set or --prefect is given, with its runs, retries and
    artifacts; elsewhere the same steps run directly, without a server. Commands that read open the published snapshot
    and never wait for a writer.
    """


for command in (
    ingest,
    backfill,
    adopt,
    replay,
    publish,
    capture,
    status,
    audit,
    report,
    sql,
    export,
    parse,
    resolve,
    split,
    merge,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        cli(prog_name="paperlog")
    except SettingsError as error:
        _leave(str(error), 2)
    except EXPECTED as error:
        _leave(str(error), 1)


def _leave(message: str, code: int) -> None:
    click.echo(f"paperlog: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
