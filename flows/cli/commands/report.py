"""`paperlog report`: the page of a week, or of every week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.cli import options, output
from flows.settings import from_environment


@click.command()
@click.option(
    "--week", type=options.day, metavar="DATE", help="Any day of the week to report; default: the latest with a list."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; default: report.html in the home.",
)
@click.option(
    "--all",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A page for each week into FOLDER, such as 2026-W10.html, with links between them, and index.html.",
)
@options.json_option
def report(week: date | None, out: Path | None, folder: Path | None, as_json: bool) -> None:
    """Write one self-contained HTML page: what a week brought, beside the weeks before, and what is missing."""
    if folder is not None:
        if week or out:
            raise click.UsageError("--all writes every week into its folder: leave out --week and --out")
        _every_week(folder, as_json=as_json)
        return
    from flows.weekly_page.write import write_page  # noqa: PLC0415 - it imports Jinja, which `--help` need not

    written = write_page(from_environment(), week, out)
    value = {
        "path": str(written.path),
        "week_on": written.page.week_on,
        "papers": len(written.page.papers),
        "new": len(written.page.new),
        "reviewed": len({each.paper_key for each in written.page.reviewed}),
        "missing": written.page.missing.days,
        "headline": written.headline,
    }
    output.answer(value, f"{written.path}: {written.summary}", as_json=as_json)


def _every_week(folder: Path, *, as_json: bool) -> None:
    from flows.weekly_page.write import write_pages  # noqa: PLC0415 - as above

    written = write_pages(from_environment(), folder)
    value = {"folder": str(written.folder), "weeks": [each.week_on for each in written.weeks]}
    output.answer(value, f"{written.folder}: {written.summary}", as_json=as_json)
