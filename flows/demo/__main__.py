"""The main job on this machine alone: a digest site, a Prefect server and the command line, then answers from SQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from flows.cli.output import grid
from flows.demo.site import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    early_pages,
    serving,
    site,
)
from flows.scheduled.server import ServerError, local_server
from flows.settings import from_environment, inherited
from warehouse import Reader, WarehouseError, open_warehouse

# A step beyond this is stuck: each takes a few seconds.
STEP_SECONDS = 300
SAVED = "saved"

SUMMARY = """
select
    source,
    partition_on,
    state,
    entries_count as entries,
    (select count(*) from runs as r where r.source = p.source and r.partition_on = p.partition_on) as runs
from partitions as p
where state <> 'missing'
order by source, partition_on
"""

QUESTIONS = {
    "Which reviewed papers did readers like most? (The review names no paper: its abstract does.)": """
select p.title, max(m.value) as upvotes, any_value(r.primary_institution) as institution
from papers as p
join reviews as r on r.paper_key = p.paper_key
join metrics as m on m.paper_key = p.paper_key and m.metric = 'upvotes'
group by p.paper_key, p.title
order by upvotes desc, p.title
limit 3
""",
    "How did the week's upvotes grow between the first and the last reading?": """
select s.partition_on as list_day, sum(a.value)::bigint as noon_after, sum(b.value)::bigint as latest
from sightings as s
join metric_asof('2025-03-08') as a on a.paper_key = s.paper_key and a.metric = 'upvotes'
join metric_asof(current_date + 1) as b on b.paper_key = s.paper_key and b.metric = 'upvotes'
where s.source = 'hf_daily' and s.is_listed
group by s.partition_on
order by s.partition_on
""",
    "How was it decided which paper an entry is?": """
select rule, count(*) as entries, min(score) as lowest_score, min(evidence) as for_example
from matches
group by rule
order by entries desc, rule
""",
}


class DemoError(Exception):
    """A step of the demo did not end as it must."""


def main() -> None:
    """Run the demo in `<home>/demo`; a second time adds a reading and no row to `core`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped with the demo
    home = from_environment().home / "demo"
    try:
        run(home)
    except (DemoError, ServerError, WarehouseError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        sys.exit(1)


def run(home: Path) -> None:
    """Load the demo's pages into `home` through Prefect, and show what is there."""
    console = Console()
    console.print("Starting a digest site and a Prefect server on 127.0.0.1 …")
    with serving(site()) as base, local_server(home / "prefect") as prefect:
        _save(home / SAVED)
        variables = {
            **prefect,
            "PAPERLOG_HOME": str(home),
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_WEEKLY_REVIEW_URL": f"{base}/weekly",
            "PAPERLOG_CONTACT": "demo",
            "PAPERLOG_REQUESTS_PER_SECOND": "20",
            "PREFECT_LOGGING_LEVEL": "ERROR",
        }
        for arguments in _steps(_short(home / SAVED)):
            console.print(f"\n$ paperlog {' '.join(arguments)}", style="bold", highlight=False, markup=False)
            _run(arguments, variables)
    with open_warehouse(str(home)).reader() as reader:
        _show(console, reader)
    console.print(
        f"\nThe snapshot is {_short(home / 'paperlog.duckdb')}. Ask it more:", highlight=False, soft_wrap=True
    )
    ask = f"PAPERLOG_HOME={_short(home)} .venv/bin/paperlog sql 'from papers limit 5'"
    console.print(ask, highlight=False, soft_wrap=True)


def _steps(folder: str) -> tuple[tuple[str, ...], ...]:
    return (
        ("adopt", "hf_daily", folder, "--no-publish"),
        ("ingest", "hf_daily", "--from", str(MONDAY), "--to", str(FRIDAY), "--no-publish"),
        ("ingest", "hf_daily", "--date", str(SATURDAY), "--no-publish"),
        ("ingest", "weekly_review", "--date", str(MONDAY)),
    )


def _save(folder: Path) -> None:
    """Pages that somebody saved earlier; their time makes the same file the same reading the second time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in early_pages().items():
        (folder / name).write_bytes(body)


def _short(path: Path) -> str:
    return os.path.relpath(path)


def _run(arguments: tuple[str, ...], variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flows", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command,
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
    print(done.stdout, end="", flush=True)


def _show(console: Console, reader: Reader) -> None:
    console.print()
    console.print("What is loaded", style="italic")
    console.print(grid(reader.query(SUMMARY)))
    for question, sql in QUESTIONS.items():
        console.print(f"\n{question}", style="italic")
        console.print(grid(reader.query(sql)))


if __name__ == "__main__":
    main()
