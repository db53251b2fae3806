"""`paperlog serve` and `paperlog site`: the pages in a browser, and as files that need no server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from flows.cli import options, output
from flows.cli.progress import working
from flows.settings import from_environment

if TYPE_CHECKING:
    from flows.site.write import Show

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


def _base_url(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        is_plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_plain = False
    if not is_plain or any(each.isspace() for each in text):
        raise click.BadParameter("write the address of the start page, such as https://example.org/papers")
    return text.rstrip("/")


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--base-url", metavar="URL", callback=_base_url, help="Where DIR will be on the web: for sitemap and feeds."
)
@click.option(
    "--show",
    type=click.Choice(["terms", "all"]),
    default="terms",
    show_default=True,
    help="Texts and names of accounts: those that the sources' terms allow, or all, for a site that only you can open.",
)
@options.json_option
def site(directory: Path, base_url: str | None, show: Show, as_json: bool) -> None:
    """Write the published snapshot as web pages into DIR, which need no server; only what changed is written.

    Files in DIR that this command did not write are left alone.
    """
    # Jinja and all kinds of pages take a while to import, which the list of commands should not wait for.
    from flows.site.write import Site, write_site  # noqa: PLC0415

    settings = from_environment()
    with working(settings, quiet=as_json) as work:
        changes = write_site(settings, directory, Site(base_url=base_url, show=show), work.progress)
    for each in changes.left:
        output.line(f"{directory / each} was changed by somebody and is no page any more: it is left", is_error=True)
    output.answer(
        {
            "path": str(directory),
            "files": changes.files,
            "bytes": changes.bytes,
            "written": changes.written,
            "removed": changes.removed,
            "left": list(changes.left),
        },
        f"{directory}: {changes.files:,} files of {changes.bytes:,} bytes; {changes.written:,} written, "
        f"{changes.removed:,} removed",
        as_json=as_json,
    )
