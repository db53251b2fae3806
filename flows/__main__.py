"""The command line: exit code 0 done, 1 refused or failed, 2 wrong usage; no traceback for what a user can cause."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from typing import NoReturn

import click

from flows.streams import prepare_streams
from transforms.errors import PaperlogError

INTERRUPTED = 130

# The module of each command, imported once the command is called: some need seconds.
COMMANDS: Mapping[str, str] = {
    "ingest": "flows.cli.commands.load",
    "backfill": "flows.cli.commands.load",
    "adopt": "flows.cli.commands.load",
    "replay": "flows.cli.commands.load",
    "facts": "flows.cli.commands.load",
    "publish": "flows.cli.commands.load",
    "capture": "flows.cli.commands.load",
    "status": "flows.cli.commands.ask",
    "audit": "flows.cli.commands.ask",
    "report": "flows.cli.commands.report",
    "serve": "flows.cli.commands.pages",
    "site": "flows.cli.commands.pages",
    "sql": "flows.cli.commands.ask",
    "show": "flows.cli.commands.show",
    "cite": "flows.cli.commands.cite",
    "search": "flows.cli.commands.search",
    "changes": "flows.cli.commands.ask",
    "export": "flows.cli.commands.ask",
    "mcp": "flows.mcp_server.command",
    "digest": "flows.cli.commands.digest",
    "parse": "flows.cli.commands.quarantine",
    "resolve": "flows.cli.commands.papers",
    "split": "flows.cli.commands.papers",
    "merge": "flows.cli.commands.papers",
    "quarantine": "flows.cli.commands.quarantine",
    "forget": "flows.cli.commands.quarantine",
    "requeue": "flows.cli.commands.quarantine",
    "withhold": "flows.cli.commands.withhold",
    "unrecoverable": "flows.cli.commands.quarantine",
    "demo": "flows.demo.command",
    "backup": "flows.cli.commands.operate",
    "check": "flows.cli.commands.operate",
    "config": "flows.cli.commands.operate",
    "doctor": "flows.cli.commands.operate",
    "maintain": "flows.cli.commands.operate",
    "move": "flows.cli.commands.operate",
    "restore": "flows.cli.commands.operate",
    "size": "flows.cli.commands.operate",
    "up": "flows.cli.commands.operate",
}

# Those that may work long and be watched by a log: each has the option --log-json.
LOGGING = frozenset(
    {
        "adopt",
        "backfill",
        "backup",
        "capture",
        "facts",
        "forget",
        "ingest",
        "maintain",
        "merge",
        "move",
        "publish",
        "replay",
        "requeue",
        "restore",
        "site",
        "split",
        "unrecoverable",
        "up",
        "withhold",
    }
)


class Commands(click.Group):
    """The commands by name, each a function of that name in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, None if there is none of that name."""
        module = COMMANDS.get(cmd_name)
        found = getattr(import_module(module), cmd_name) if module else None
        if not isinstance(found, click.Command):
            return None
        return with_log_option(found) if cmd_name in LOGGING else found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or what may have been meant: click knows only the commands that are imported."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the whole first sentence of its help: click itself would cut it to one line."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, " ".join(str(each.help).split("\n\n")[0].split())) for name, each in commands if each]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The variables of the environment."""
        from flows.settings import variables  # noqa: PLC0415 - only the help shows them

        with formatter.section("Environment"):
            formatter.write_dl(
                [(f"{each.name}", f"{each.meaning} ({each.default or 'not set'})") for each in variables()]
            )


def with_log_option(command: click.Command) -> click.Command:
    """The command with the option --log-json, once."""
    from flows.cli.options import log_option  # noqa: PLC0415 - --help needs no sources

    if not any("--log-json" in each.opts for each in command.params):
        log_option(command)
    return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
    prepare_streams()
    spare_searches()
    try:
        sys.exit(_run(arguments))
    except (KeyboardInterrupt, click.Abort):
        _interrupted()
    except RuntimeError as error:
        if not isinstance(error.__cause__, KeyboardInterrupt):  # as DuckDB tells of one during a statement (1.5.5)
            raise
        _interrupted()
    except BrokenPipeError:
        _close_quietly()
        sys.exit(1)
    except (PaperlogError, OSError) as error:
        _say(str(error))
        sys.exit(getattr(error, "exit_code", 1))


def spare_searches() -> None:
    """Let this process know at once that there is no pandas, if there is none.

    DuckDB asks for it at every statement with parameters, and Python then looks for it on its whole path: a seventh of
    the CPU of a small load (1.5.5).
    """
    if find_spec("pandas") is None:
        sys.modules["pandas"] = None  # type: ignore[assignment]


def _run(arguments: Sequence[str] | None) -> int:
    """The exit code. What click has to say about wrong usage is filtered like all that is printed."""
    from flows.cli import output  # noqa: PLC0415 - an interrupt while modules are imported must find `main` at work

    try:
        with output.rooms_heard():
            code = cli(arguments, prog_name="paperlog", standalone_mode=False)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        output.line(shown.getvalue().rstrip(), is_error=True)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _interrupted() -> NoReturn:
    _say("interrupted: nothing is half loaded, and the same command goes on from here")
    sys.exit(INTERRUPTED)


def _say(text: str) -> None:
    from flows.shown import visible  # noqa: PLC0415 - as above

    with suppress(OSError):  # a log on a full disk; the exit code tells it too
        sys.stderr.write(f"paperlog: {visible(text)}\n")


def _close_quietly() -> None:
    """Whoever read the output has left: the interpreter must not complain when it flushes what is left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
