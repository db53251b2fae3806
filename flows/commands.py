"""Which module holds which command: imported once the command is asked for, because some need seconds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "ingest": "flows.writing",
    "backfill": "flows.writing",
    "adopt": "flows.writing",
    "replay": "flows.writing",
    "publish": "flows.writing",
    "capture": "flows.writing",
    "status": "flows.asking",
    "audit": "flows.asking",
    "report": "flows.reporting",
    "sql": "flows.asking",
    "search": "flows.asking",
    "changes": "flows.asking",
    "export": "flows.asking",
    "parse": "flows.asking",
    "resolve": "flows.deciding",
    "split": "flows.deciding",
    "merge": "flows.deciding",
    "quarantine": "flows.mending",
    "requeue": "flows.mending",
    "unrecoverable": "flows.mending",
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
