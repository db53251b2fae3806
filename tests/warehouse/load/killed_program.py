"""A program to be killed: loads a fixed series of pages into a home and publishes after each; a rerun starts over."""

from __future__ import annotations

import sys
from datetime import date, timedelta

from tests.support.batches import WEEKLY, batch, hours, review, sighting
from transforms.records import Batch
from warehouse import open_warehouse

FIRST = date(2026, 3, 2)


def pages() -> list[Batch]:
    """Fifteen days of twenty papers, read twice, and three weeks of reviews of some of them."""
    daily = [
        batch(
            [sighting(place * 20 + number, day=day, upvotes=number + again) for number in range(1, 21)],
            day=day,
            at=hours(24 * place + 13 * again),
            is_closed=bool(again),
        )
        for place in range(15)
        for day in (FIRST + timedelta(days=place),)
        for again in (0, 1)
    ]
    weekly = [
        batch(
            [review(week * 100 + number, day=FIRST + timedelta(weeks=week)) for number in range(1, 10)],
            facts=WEEKLY,
            day=FIRST + timedelta(weeks=week),
        )
        for week in range(3)
    ]
    return [*daily[:20], *weekly, *daily[20:]]


if __name__ == "__main__":
    warehouse = open_warehouse(sys.argv[1])
    sys.stdout.write("started\n")
    sys.stdout.flush()
    for page in pages():
        with warehouse.writer("loading") as writer:
            writer.load([page])
            digest = writer.publish(full=False).digest
    sys.stdout.write(f"{digest}\n")
    sys.stdout.flush()
