"""`paperlog demo`: a digest site, a Prefect server and the command line on one machine, then answers from SQL."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click

from flows.cli.output import print_grid
from flows.demo.site import FRIDAY, MONDAY, SATURDAY, early_pages, serving, site
from flows.scheduled.server import local_server
from flows.settings import from_environment, inherited
from transforms.errors import PaperlogError
from warehouse import open_warehouse

# Each step takes a few seconds; one that takes longer than this hangs.
STEP_SECONDS = 300
QUERIES = {
    "What is loaded": "demo_summary",
    "Which reviewed papers did readers like most? (The review names no paper: its abstract does.)": "demo_liked",
    "How did the week's upvotes grow between the first and the last reading?": "demo_growth",
    "How was it decided which paper an entry is?": "demo_rules",
}


class DemoError(PaperlogError):
    """A step of the demo did not end as it should."""


@click.command()
def demo() -> None:
    """Show the main job through Prefect, on a site served from this machine, in the folder `demo` of the home.

    It needs no internet. A second time adds a reading and no row to `core`.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped with the demo
    home = from_environment().home / "demo"
    click.echo("Starting a digest site and a Prefect server on 127.0.0.1 …")
    with serving(site()) as base, local_server(home / "prefect") as prefect:
        saved = _save(home / "saved")
        variables = {
            **prefect,
            "PAPERLOG_HOME": str(home),
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_WEEKLY_REVIEW_URL": f"{base}/weekly",
            "PAPERLOG_CONTACT": "demo",
            "PAPERLOG_REQUESTS_PER_SECOND": "20",
            "PREFECT_LOGGING_LEVEL": "ERROR",
        }
        for arguments in (
            ("adopt", "hf_daily", saved, "--no-publish"),
            ("ingest", "hf_daily", "--from", str(MONDAY), "--to", str(FRIDAY), "--no-publish"),
            ("ingest", "hf_daily", "--date", str(SATURDAY), "--no-publish"),
            ("ingest", "weekly_review", "--date", str(MONDAY)),
        ):
            click.secho(f"\n$ paperlog {' '.join(arguments)}", bold=True)
            click.echo(paperlog(arguments, variables), nl=False)
    with open_warehouse(str(home)).reader() as reader:
        for title, name in QUERIES.items():
            click.secho(f"\n{title}", italic=True)
            print_grid(reader.named(name))
    click.echo(f"\nThe snapshot is {os.path.relpath(home / 'paperlog.duckdb')}. Ask it more:")
    click.echo(f"PAPERLOG_HOME={os.path.relpath(home)} {_shown(program())} sql 'from papers limit 5'")


def paperlog(arguments: tuple[str, ...], variables: dict[str, str]) -> str:
    """What a command prints, run in a process of its own. Raises DemoError if it fails or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [*program(), *arguments],
            env=inherited(**variables),
            timeout=STEP_SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DemoError(f"{' '.join(arguments)} did not end within {STEP_SECONDS} s") from error
    if done.returncode:
        raise DemoError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def program() -> list[str]:
    """The script that was started, else that of this environment, else, if nothing is installed, the package.

    A script does not look into the current folder. `python -m` does: a `warehouse.py` there would be imported as ours.
    """
    for script in (Path(sys.argv[0]), Path(sys.executable).with_name("paperlog")):
        if script.name == "paperlog" and script.is_file():
            return [str(script.absolute())]
    return [sys.executable, "-m", "flows"]


def _save(folder: Path) -> str:
    """Pages saved before the demo: the time in their names makes them the same readings the second time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in early_pages().items():
        (folder / name).write_bytes(body)
    return os.path.relpath(folder)


def _shown(command: list[str]) -> str:
    """The command as a person types it here: by its name if the shell finds it, else by its path."""
    path, *rest = command
    return " ".join(
        ["paperlog" if shutil.which("paperlog") == path else min(path, os.path.relpath(path), key=len), *rest]
    )
