"""`paperlog report`: the page of a week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.cli import options, output
from flows.settings import from_environment
from flows.weekly_page.write import write_page


@click.command()
@click.option(
    "--week", type=options.day, metavar="DATE", help="Any day of the week to report; default: the latest with a paper."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; default: report.html in the home.",
)
@options.json_option
def report(week: date | None, out: Path | None, as_json: bool) -> None:
    """Write one self-contained HTML page: a week's papers, upvotes, reviews, coverage and run health."""
    written = write_page(from_environment(), week, out)
    value = {"path": str(written.path), "week_on": written.page.week_on, "papers": len(written.page.papers)}
    output.answer(value, f"{written.path}: {written.summary}", as_json=as_json)
