"""Any order and any batching of the same pages gives the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.batches import WEEKLY, abstract_of, batch, hours, review, sighting, without_list
from tests.support.engines import Engine, Files
from transforms.records import Batch, Outcome

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
PAPERS = [sighting(number) for number in range(1, 9)]
PAGES = [
    batch(PAPERS[:5], at=hours(1)),
    batch(PAPERS, at=hours(10)),
    batch([sighting(number, upvotes=20 + number) for number in range(1, 9)], at=hours(30), is_closed=True),
    batch(PAPERS[:3], at=hours(40)),  # a cut list: doubtful wherever it comes
    batch([sighting(2, title="A card title", upvotes=99)], at=hours(12), is_degraded=True),
    batch([review(1, day=TUESDAY), review(2, day=TUESDAY, abstract=abstract_of("unseen"))], facts=WEEKLY, day=TUESDAY),
    batch([sighting(1, day=WEDNESDAY, upvotes=40), sighting(9, day=WEDNESDAY)], day=WEDNESDAY, at=hours(60)),
    without_list(Outcome.NO_LIST, day=date(2026, 3, 7), at=hours(200)),
    without_list(Outcome.REFUSED, day=date(2026, 3, 7), at=hours(150)),
    batch(PAPERS, at=hours(11)),  # the same bytes as at hour 10, read again
]


def digest_of(loads: Sequence[Sequence[Batch]], engine: Engine) -> tuple[str, int]:
    with TemporaryDirectory() as home:
        warehouse = engine.warehouse(Path(home))
        with warehouse.writer("test") as writer:
            for batches in loads:
                writer.load(batches)
            manifest = writer.publish()
        with warehouse.reader(may_write_files=True) as reader:
            assert reader.export(Path(home) / "export") == manifest.digest
            papers = reader.query("select count(*) from papers").rows[0][0]
    assert isinstance(papers, int)
    return manifest.digest, papers


@cache
def expected() -> tuple[str, int]:
    """All pages in one load, into a file."""
    return digest_of([PAGES], Files())


def test_the_pages_hold_ten_papers() -> None:
    assert expected()[1] == 10


def test_four_threads_give_the_digest_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests give DuckDB one thread by this variable (tests/conftest.py)."""
    before = expected()
    monkeypatch.setenv("SLURM_CPUS_ON_NODE", "4")
    with duckdb.connect() as connection:
        assert connection.execute("select current_setting('threads')").fetchall() == [(4,)]
    assert digest_of([PAGES], Files()) == before


@pytest.mark.slow
def test_any_order_and_batching_gives_the_same_digest(engine: Engine) -> None:
    @settings(max_examples=3 if engine.is_lake else 8, deadline=None)
    @given(st.permutations(PAGES), st.lists(st.integers(1, len(PAGES) - 1), max_size=3))
    def holds(pages: list[Batch], cuts: list[int]) -> None:
        edges = [0, *sorted(set(cuts)), len(pages)]
        loads = [pages[first:last] for first, last in pairwise(edges)]
        assert digest_of(loads, engine) == expected()

    holds()


def test_another_set_of_pages_gives_another_digest(engine: Engine) -> None:
    assert digest_of([PAGES[:-4]], engine)[0] != expected()[0]
