"""`paperlog report`: the page of a week, without Prefect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.cli import options, output
from flows.settings import from_environment
from flows.weekly_page.write import write_report


@click.command()
@click.option("--week", type=options.Day(), help="Any day of the week to report; default: the latest with a paper.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; default: report.html in the home.",
)
@options.json_option
def report(week: date | None, out: Path | None, as_json: bool) -> None:
    """Write one self-contained HTML page: a week's papers, upvotes, reviews, coverage and run health."""
    written = write_report(from_environment(), week, out)
    if as_json:
        page = written.page
        output.print_json({"path": str(written.path), "week_on": page.week_on, "papers": len(page.papers)})
    else:
        click.echo(f"{written.path}: {written.summary}")
