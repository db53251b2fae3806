"""The steps between page and rows, one by one: entries a second in one process."""

from __future__ import annotations

from itertools import pairwise

from extractors.sources.hf_daily import SOURCE
from tests.bench.measure import (
    Figures,
    Spent,
    figures,
    here,
    interleaved,
)
from tests.bench.workload import day_pages
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.matching.blocking import block_keys
from transforms.matching.compare import compare
from transforms.matching.prepare import prepare
from warehouse.papers.arrivals import record_of

DAYS, ENTRIES = 10, 36


def run(rounds: int) -> Figures:
    """Medians over the same ten days for each step."""
    pages = list(day_pages(DAYS, ENTRIES))
    listings = [SOURCE.parse(page)[0] for page in pages]
    normal = [normalize_all(each, read_on=page.fetched_at.date()) for each, page in zip(listings, pages, strict=True)]
    records = [record_of(sighting) for sightings, _ in normal for sighting in sightings]
    prepared = [prepare(record) for record in records]

    def checked() -> Spent:
        pairs = zip(listings, normal, strict=True)
        return here(lambda: [check(each, *parts, SOURCE.expectations) for each, parts in pairs])

    spent = interleaved(
        {
            "parse": lambda: here(lambda: [SOURCE.parse(page) for page in pages]),
            "normalise": lambda: here(
                lambda: [
                    normalize_all(each, read_on=page.fetched_at.date())
                    for each, page in zip(listings, pages, strict=True)
                ]
            ),
            "check": checked,
            "resolve: prepare and block": lambda: here(lambda: [block_keys(prepare(record)) for record in records]),
            "resolve: compare a pair": lambda: here(lambda: [compare(*pair) for pair in pairwise(prepared)]),
        },
        rounds,
    )
    said = figures(spent, "parse")
    for each in said.values():
        each["entries_per_s"] = round(len(records) / each["cpu_s"])
    return said
