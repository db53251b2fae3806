"""`paperlog serve`: the pages in a browser."""

from __future__ import annotations

import click

from flows.cli import output
from flows.settings import from_environment

PORT = 8765


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond this machine, with --token."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="Its port; 0 for any that is free."
)
@click.option("--token", help="Only who brings it is answered; better set as PAPERLOG_SERVE_TOKEN.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="A further name of this host; repeat.")
def serve(host: str, port: int, token: str | None, names: tuple[str, ...]) -> None:
    """Show the published snapshot as web pages, read-only, until Ctrl-C ends it."""
    # FastAPI and uvicorn take half a second to import, which the list of commands should not wait for.
    from flows.serve.run import Place, serve  # noqa: PLC0415

    settings = from_environment()
    place = Place(host=host, port=port, names=names)
    serve(settings, place, token or settings.serve_token, lambda address: output.line(f"serving {address}"))
