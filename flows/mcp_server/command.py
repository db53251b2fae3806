"""`paperlog mcp`."""

from __future__ import annotations

import click

from flows.mcp_server.answers import SECONDS, Answers
from flows.settings import from_environment
from transforms.errors import PaperlogError


class NotInstalled(PaperlogError):
    """The extra that the server needs is not installed."""


@click.command()
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=3600),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Interrupt a query after so long.",
)
def mcp(timeout: float) -> None:
    """Answer a program that speaks the Model Context Protocol on standard input and output, read-only.

    It needs the extra `paperlog[mcp]`. Each answer is from the snapshot that is published at that moment.
    """
    answers = Answers(settings=from_environment(), seconds=timeout)
    try:
        from flows.mcp_server.server import serve  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in {"mcp", "mcp_types"}:
            raise
        raise NotInstalled("`paperlog mcp` needs an extra: pip install 'paperlog[mcp]'") from error
    serve(answers)
