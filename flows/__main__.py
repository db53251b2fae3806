"""The command line: exit code 0 done, 1 refused or failed, 2 wrong usage; no traceback for what a user can cause."""

from __future__ import annotations

import sys

import click

from flows.cli.commands import Commands
from flows.settings import SettingsError, variables


def _environment() -> str:
    lines = (f"  {each.name} ({each.default or 'not set'}): {each.meaning}" for each in variables())
    return "\b\nEnvironment:\n" + "\n".join(lines)


@click.group(
    cls=Commands,
    epilog=_environment(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(package_name="paperlog")
def cli() -> None:
    """Digests of machine-learning papers in one DuckDB warehouse.

    Commands that write report to Prefect where PREFECT_API_URL is set or --prefect is given, with its runs, retries and
    artifacts; elsewhere the same steps run directly, without a server. Commands that read open the published snapshot
    and never wait for a writer.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        cli(prog_name="paperlog")
    except SettingsError as error:
        _leave(str(error), 2)
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        _leave(str(error), 1)


def _expected() -> tuple[type[Exception], ...]:
    """What a user can cause; imported only where something went wrong."""
    from extractors.errors import LandingError, PageChanged, WrongPartition  # noqa: PLC0415
    from flows.cli.load import PrefectRunFailed  # noqa: PLC0415
    from flows.cli.papers import UnknownPaper  # noqa: PLC0415
    from flows.jobs.replay import NothingKept  # noqa: PLC0415
    from flows.weekly_page.facts import NoSuchWeek  # noqa: PLC0415
    from warehouse import WarehouseError  # noqa: PLC0415

    return (
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


def _leave(message: str, code: int) -> None:
    click.echo(f"paperlog: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
