"""The steps between page and rows, one by one: entries a second in one process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from extractors.sources.hf_daily import SOURCE
from tests.bench.data.day_pages import day_pages
from tests.bench.measure import Figures, figures, here, interleaved
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.matching.blocking import block_keys
from transforms.matching.compare import compare
from transforms.matching.prepare import prepare
from warehouse.papers.comparisons import record_of

DAYS = 10


def run(rounds: int) -> Figures:
    """Medians over the same ten days for each step."""
    pages = list(day_pages(DAYS))
    read = [(SOURCE.parse(page)[0], page.fetched_at.date()) for page in pages]
    normal = [normalize_all(listing, read_on=day) for listing, day in read]
    records = [record_of(sighting) for sightings, _ in normal for sighting in sightings]
    prepared = [prepare(record) for record in records]
    checked = [(listing, *parts) for (listing, _), parts in zip(read, normal, strict=True)]
    work: dict[str, Callable[[], object]] = {
        "parse": lambda: [SOURCE.parse(page) for page in pages],
        "normalise": lambda: [normalize_all(listing, read_on=day) for listing, day in read],
        "check": lambda: [check(*parts, SOURCE.expectations) for parts in checked],
        "resolve: prepare and block": lambda: [block_keys(prepare(record)) for record in records],
        "resolve: compare a pair": lambda: [compare(*pair) for pair in pairwise(prepared)],
    }
    measured = figures(interleaved({name: partial(here, each) for name, each in work.items()}, rounds), "parse")
    for each in measured.values():
        each["entries_per_s"] = round(len(records) / each["cpu_s"])
    return measured
