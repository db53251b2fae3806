"""What a year takes: `python -m tests.flows.operate.year [DAYS]` loads invented pages and prints `paperlog size`.

The pages have the size and shape of real ones (tests/bench/data/day_pages.py). Each day's list is read as often as the
schedules of `hf_daily` read it: in the evening, on the day after, and three, seven and fourteen days later, each time
with other upvotes. A weekly review comes once a week. 260 days are the weekdays of a year.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from tests.bench.data.day_pages import day_page, week_page
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from transforms.records import Page

HOURS_AFTER = tuple(24 * days + hour for days, hour in ((0, 22), (1, 12), (3, 12), (7, 12), (14, 12)))
WEEKDAYS = 260
A_MONTH = 20


def main(days: int) -> None:
    """Load the days month by month, as they come, and show what they take."""
    with tempfile.TemporaryDirectory() as folder:
        home, saved = Path(folder, "home"), Path(folder, "saved")
        own = scrubbed(PAPERLOG_HOME=str(home), PAPERLOG_KEEP_SNAPSHOTS="7")
        for begin in range(0, days, A_MONTH):
            for page in _pages(range(begin, min(begin + A_MONTH, days))):
                _save(page, saved / page.source)
            for source in sorted(path.name for path in saved.iterdir()):
                done = paperlog_in(own, "adopt", source, saved / source, "--quiet", seconds=1200)
                if done.code:
                    raise SystemExit(done.err[-2000:])
            for file in saved.rglob("*__fetched_*"):
                file.unlink()
        sys.stdout.write(paperlog_in(own, "size").out)


def _pages(places: range) -> Iterator[Page]:
    for place in places:
        yield from (day_page(place, reading=number) for number in range(len(HOURS_AFTER)))
        if place % 5 == 4:
            yield week_page(place // 5)


def _save(page: Page, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(len(list(folder.glob(f"{page.asked_on}_*"))), len(HOURS_AFTER)):
        begins = datetime.combine(page.asked_on or page.fetched_at.date(), time(), page.fetched_at.tzinfo)
        read_at = begins + timedelta(hours=HOURS_AFTER[number] + (168 if page.source == "weekly_review" else 0))
        suffix = "txt" if page.source == "weekly_review" else "html"
        (folder / f"{page.asked_on}_{number}__fetched_{read_at:%Y%m%dT%H%M%SZ}.{suffix}").write_bytes(page.body)
        return


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else WEEKDAYS)
