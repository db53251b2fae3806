"""The command line: exit code 0 done, 1 refused or failed, 2 wrong usage; no traceback for what a user can cause."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from flows.settings import variables
from transforms.errors import PaperlogError

# The module of each command, imported once the command is called: some need seconds.
COMMANDS: Mapping[str, str] = {
    "ingest": "flows.cli.load",
    "backfill": "flows.cli.load",
    "adopt": "flows.cli.load",
    "replay": "flows.cli.load",
    "publish": "flows.cli.load",
    "capture": "flows.cli.load",
    "status": "flows.cli.ask",
    "audit": "flows.cli.ask",
    "report": "flows.cli.report",
    "sql": "flows.cli.ask",
    "search": "flows.cli.ask",
    "changes": "flows.cli.ask",
    "export": "flows.cli.ask",
    "parse": "flows.cli.quarantine",
    "resolve": "flows.cli.papers",
    "split": "flows.cli.papers",
    "merge": "flows.cli.papers",
    "quarantine": "flows.cli.quarantine",
    "forget": "flows.cli.quarantine",
    "requeue": "flows.cli.quarantine",
    "unrecoverable": "flows.cli.quarantine",
    "demo": "flows.demo.command",
}


class Commands(click.Group):
    """The commands by name, each a function of that name in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, None if there is none of that name."""
        module = COMMANDS.get(cmd_name)
        found = getattr(import_module(module), cmd_name) if module else None
        return found if isinstance(found, click.Command) else None


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, by default with the arguments of this process, and leave with its exit code."""
    try:
        cli(arguments, prog_name="paperlog")
    except (PaperlogError, OSError) as error:
        click.echo(f"paperlog: {error}", err=True)
        sys.exit(getattr(error, "exit_code", 1))


if __name__ == "__main__":
    main()
