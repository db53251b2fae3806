"""Which module holds which command: imported once the command is asked for, because some need seconds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

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
    "parse": "flows.cli.ask",
    "resolve": "flows.cli.papers",
    "split": "flows.cli.papers",
    "merge": "flows.cli.papers",
    "quarantine": "flows.cli.quarantine",
    "requeue": "flows.cli.quarantine",
    "unrecoverable": "flows.cli.quarantine",
}


class Commands(click.Group):
    """The commands by name, each a function of that name in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, None where there is none of that name."""
        module = COMMANDS.get(cmd_name)
        found = getattr(import_module(module), cmd_name) if module else None
        return found if isinstance(found, click.Command) else None
