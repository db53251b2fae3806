"""A page is compared with how its neighbours look: loud where the source changed, silent on every good page."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from extractors.landing.adopt import page_of_file
from tests.flows.pipeline.drift.daypage import DayPage, fetched, reconstructed, taken_apart
from tests.support.commands import Command, digest_of
from tests.support.pages import batch_of
from tests.support.places import DAY_PAGES
from transforms.listing.drift import Shape, drift
from transforms.records import Batch, Level

FIRST = date(2026, 3, 2)
Alter = Callable[[DayPage], DayPage]


def shape_of(batch: Batch) -> Shape:
    assert batch.partition_on
    return Shape(partition_on=batch.partition_on, entries_count=batch.entries_count, numbers=dict(batch.shape))


@pytest.fixture(scope="module")
def history() -> list[Shape]:
    days = [FIRST + timedelta(days=place) for place in range(10)]
    return [shape_of(batch_of(fetched(reconstructed(day), day))) for day in days]


def found_in(history: list[Shape], alter: Alter, day: date = FIRST + timedelta(days=10)) -> set[str]:
    batch = batch_of(fetched(alter(taken_apart(reconstructed(day))).html(), day))
    found = drift(shape_of(batch), history, batch.sightings)
    assert {finding.level for finding in found} <= {Level.WARNING}
    return {finding.check_name for finding in found}


def _few(page: DayPage) -> DayPage:
    def cut(said: dict[str, object]) -> None:
        papers = said["dailyPapers"]
        assert isinstance(papers, list)
        del papers[8:]

    return page.edited(cut).recarded(lambda cards: cards[:8])


CHANGES: dict[str, tuple[Alter, str]] = {
    "a third of the entries": (_few, "drift_entries"),
    "no organisations": (
        lambda page: page.each(lambda item: item.pop("organization", None)),
        "drift_filled_organization",
    ),
    "no repositories": (lambda page: page.each(lambda item: item["paper"].pop("githubRepo", None)), "drift_link_code"),
    "a field in half of the items only": (
        lambda page: page.edited(
            lambda said: [item["paper"].pop("discussionId") for item in said["dailyPapers"][::2]] and None
        ),
        "drift_field",
    ),
    "no upvotes": (lambda page: page.each(lambda item: item["paper"].pop("upvotes")), "drift_metric_upvotes"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_page_unlike_its_neighbours_is_told(history: list[Shape], name: str) -> None:
    alter, check = CHANGES[name]
    assert check in found_in(history, alter)


def test_a_page_like_its_neighbours_is_not(history: list[Shape]) -> None:
    assert found_in(history, lambda page: page) == set()


def test_a_few_pages_are_no_history(history: list[Shape]) -> None:
    assert found_in(history[:4], _few) == set()


@pytest.mark.shared_data
def test_no_captured_page_is_an_alarm_in_any_order() -> None:
    batches = [batch_of(page_of_file(path, "hf_daily")) for path in sorted(DAY_PAGES.glob("*.html"))]
    assert len(batches) == 12
    assert [batch.findings for batch in batches] == [()] * 12
    for seed in range(60):
        order = random.Random(seed).sample(batches, len(batches)) if seed else batches
        known: dict[date, Shape] = {}
        for batch in order:
            now = shape_of(batch)
            assert drift(now, known.values(), batch.sightings) == ()
            known[now.partition_on] = now


def _saved(folder: Path, alter: Alter) -> Path:
    folder.mkdir()
    for place in range(8):
        day = FIRST + timedelta(days=place)
        page = taken_apart(reconstructed(day))
        text = (alter(page) if place == 7 else page).html()
        (folder / f"{day}__fetched_{day + timedelta(days=9):%Y%m%d}T120000Z.html").write_text(text, encoding="utf-8")
    return folder


def test_drift_is_told_with_the_field_and_the_kept_page_and_recorded(paperlog: Command, tmp_path: Path) -> None:
    done = paperlog("adopt", "hf_daily", _saved(tmp_path / "pages", CHANGES["no repositories"][0]))
    assert done.code == 0
    warnings = [line for line in done.err.splitlines() if "drift_field" in line]
    assert any("dailyPapers[].paper.githubRepo" in line and "0% of 24" in line for line in warnings)
    (kept,) = {line.split(" kept as ")[1] for line in done.err.splitlines() if " kept as " in line}
    assert Path(kept).exists()
    alerts = json.loads(paperlog("audit", "--json").out)
    assert "drift" in {each["kind"] for each in alerts}


@pytest.mark.slow
def test_drift_changes_no_fact_whatever_the_order(
    paperlog: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(_saved(tmp_path / "pages", CHANGES["no repositories"][0]).iterdir())
    digests = set()
    for home, order in (("forwards", files), ("backwards", files[::-1])):
        monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / home))
        for file in order:
            assert paperlog("adopt", "hf_daily", file, "--no-publish").code == 0
        paperlog("publish")
        digests.add(digest_of(paperlog, tmp_path / f"{home}-facts"))
    assert len(digests) == 1
