"""How long the command line takes to be there, before it does anything."""

from __future__ import annotations

from functools import partial

from tests.bench.measure import Figures, child, figures, interleaved

SQL = "the command line, ready for sql, status, search"
IMPORTS = {
    SQL: "import flows.__main__, flows.cli.commands.ask",
    "the command line, ready to ingest": "import flows.__main__, flows.cli.commands.load",
    "import duckdb, click": "import duckdb, click",
    "import prefect": "import prefect",
    "import dlt": "import dlt",
    "import scrapy": "import scrapy",
    "import pandas": "import pandas",
    "nothing": "pass",
}


def run(rounds: int) -> Figures:
    """A fresh process each."""
    return figures(interleaved({name: partial(child, "-c", code) for name, code in IMPORTS.items()}, rounds), SQL)
