"""`python -m tests.flows.series_drill`: 30 days of three lists of a served arXiv through Prefect, measured and checked.

Among the days are weekends, a holiday that nobody published, days on which a small list has nothing, and one whose
announcement is late. A day that the site gives no more follows, and at last some requests at the true pace.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tests.flows.drill import deployed
from tests.support.arxiv_site import ArxivSite
from tests.support.commands import Done, program

CATEGORIES = ("cs.LG", "cs.CV", "econ.EM")
FIRST, LAST, BEYOND = date(2026, 8, 7), date(2026, 9, 18), date(2026, 6, 15)
HOLIDAYS = frozenset({date(2026, 9, 3), date(2026, 9, 8)})  # the second is published
LATE_ON, LATE_AT = LAST, datetime(2026, 9, 18, 15, tzinfo=UTC)
SECONDS_MAX = 600
PACE_SECONDS = 3.0
PACED_REQUESTS_MIN = 10


def main() -> None:
    """Backfill before and after the late announcement, once more, and beyond the site's reach; then watch the pace."""
    site = ArxivSite(
        categories=CATEGORIES,
        first=date(2026, 6, 1),
        last=datetime.now(UTC).date() + timedelta(days=30),
        clock=lambda: datetime.now(UTC),
        per_page=5,
        holidays=HOLIDAYS,
        quiet={"econ.EM": frozenset({date(2026, 9, 10), date(2026, 9, 11)})},
        late={LATE_ON: LATE_AT},
    )
    with tempfile.TemporaryDirectory(prefix="paperlog-series-") as name, site.served() as base:
        own = {"PAPERLOG_ARXIV_ANNOUNCED_SERIES": " ".join(CATEGORIES)}
        with deployed(Path(name), base, **own) as environment:
            for at in ("2026-09-18T06:00", "2026-09-18T18:30", "2026-09-19T07:00"):
                _backfill(environment, site, at, FIRST, LAST)
            _backfill(environment, site, "2026-09-19T08:00", FIRST, LAST)
            _require(len(site.asked) == 0, "requests for what is final")
            for at in ("2026-09-19T09:00", "2026-09-19T10:00"):
                _backfill(environment, site, at, BEYOND, BEYOND)
            _require(len(site.asked) == 0, "requests for what is out of reach")
            _show_states(environment)
            _watch_pace(environment, replace(site, clock=lambda: datetime.now(UTC), asked=[], holidays=frozenset()))


def _backfill(environment: dict[str, str], site: ArxivSite, at: str, first: date, last: date) -> None:
    site.at(at)
    site.asked.clear()
    began = time.monotonic()
    named = {"source": "arxiv_announced", "from": first, "to": last, "now": f"{at}:00Z"}
    parameters = [part for name, value in named.items() for part in ("-p", f"{name}={value}")]
    command = ("prefect", "deployment", "run", "backfill/backfill", *parameters, "--watch")
    done = program(environment, *command, seconds=SECONDS_MAX)
    _require(done.code == 0, done.out + done.err)
    (said,) = re.findall(r"Completed\('([^']*)'", " ".join(done.out.split()))[-1:] or ["?"]
    seconds = time.monotonic() - began
    _tell(f"at {at}, {first} to {last}: {said}; {len(site.pages_asked)} pages asked for in {seconds:.0f} s")


def _show_states(environment: dict[str, str]) -> None:
    query = "select series, state, cause, count(*) as days from partitions group by all order by all"
    rows = json.loads(_paperlog(environment, "sql", "--json", query).out)
    for row in rows:
        _tell("  " + " ".join(str(value) for value in row.values() if value is not None))
    days = {row["series"]: row["days"] for row in rows if row["state"] == "final"}
    _require(days == dict.fromkeys(CATEGORIES, 29), f"final: {days}")
    lost = {row["series"] for row in rows if row["state"] == "unrecoverable"}
    _require(lost == set(CATEGORIES), f"unrecoverable: {lost}")


def _watch_pace(environment: dict[str, str], site: ArxivSite) -> None:
    """The public address counts, so that the site is reached as a proxy for it."""
    today = datetime.now(UTC).date()
    with site.served() as base, tempfile.TemporaryDirectory(prefix="paperlog-pace-") as home:
        own = {
            "PAPERLOG_ARXIV_ANNOUNCED_URL": "http://arxiv.org",
            "http_proxy": base,
            "no_proxy": "127.0.0.1,localhost",
        }
        variables = {**environment, **own, "PAPERLOG_HOME": home}
        days = ("--from", str(today - timedelta(days=5)), "--to", str(today - timedelta(days=1)))
        done = _paperlog(variables, "ingest", "arxiv_announced", *days, "--prefect")
        _require(done.code == 0, done.out + done.err)
    distances = [after - before for (before, _), (after, _) in pairwise(site.asked)]
    _tell(f"pace: {len(site.asked)} requests, {min(distances):.2f} to {max(distances):.2f} s apart")
    _require(len(site.asked) >= PACED_REQUESTS_MIN and min(distances) >= PACE_SECONDS * 0.99, "too fast")


def _paperlog(environment: dict[str, str], *arguments: str) -> Done:
    return program(environment, "paperlog", *arguments, seconds=SECONDS_MAX)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise RuntimeError(what)


if __name__ == "__main__":
    main()
