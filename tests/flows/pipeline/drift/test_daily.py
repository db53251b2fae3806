"""A daily page to which something happened ends in its named state, with not one wrong row."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from extractors.landing.adopt import page_of_file
from extractors.reading.decode import decoded
from tests.flows.pipeline.drift.changes import CHANGES, Ends
from tests.flows.pipeline.drift.daypage import DAY, DayPage, fetched, reconstructed, taken_apart
from tests.support.pages import batch_of
from tests.support.places import DAY_PAGES
from transforms.listing.drift import Shape, drift
from transforms.records import Batch, Outcome, Sighting

CAPTURED = "2026-04-10__fetched_20260413T100427Z.html"
# As printed: the text of a page that was encoded twice differs, what is made of it does not.
AS_PRINTED = {"title_raw", "abstract_raw"}
APART = {"links", "metrics", "position"} | AS_PRINTED


def shape(batch: Batch) -> Shape:
    assert batch.partition_on
    return Shape(partition_on=batch.partition_on, entries_count=batch.entries_count, numbers=dict(batch.shape))


@pytest.fixture(scope="module", params=["reconstructed", pytest.param("captured", marks=pytest.mark.shared_data)])
def good(request: pytest.FixtureRequest) -> tuple[DayPage, Batch, tuple[Shape, ...]]:
    """A good day, what it says, and how the days around it look."""
    if request.param == "captured":
        text = decoded(page_of_file(DAY_PAGES / CAPTURED, "hf_daily"))[0]
        others = [
            page_of_file(path, "hf_daily") for path in sorted(DAY_PAGES.glob("*.html")) if path.name[:10] != str(DAY)
        ]
    else:
        text = reconstructed()
        days = [DAY - timedelta(days=back) for back in range(1, 9)]
        others = [fetched(reconstructed(day), day) for day in days]
    return taken_apart(text), batch_of(fetched(text)), tuple(shape(batch_of(page)) for page in others)


def test_the_day_itself_is_loaded_without_a_word(good: tuple[DayPage, Batch, tuple[Shape, ...]]) -> None:
    day, batch, history = good
    assert batch.outcome is Outcome.LISTING
    assert batch.findings == ()
    assert drift(shape(batch), history, batch.sightings) == ()
    again = batch_of(fetched(day.html()))
    assert (again.sightings, again.findings) == (batch.sightings, ())


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_page_ends_in_its_named_state_without_a_wrong_row(
    good: tuple[DayPage, Batch, tuple[Shape, ...]], name: str
) -> None:
    day, before, history = good
    change, expected = CHANGES[name]
    after = batch_of(change(day))
    said = {finding.check_name for finding in after.findings}
    if after.outcome is Outcome.LISTING:
        said |= {finding.check_name for finding in drift(shape(after), history, after.sightings)}
        said |= {"quarantined"} if after.rejections else set()
    state = {"listing": "loaded"}.get(after.outcome, str(after.outcome))
    assert Ends(state, expected.check, after.cause if expected.cause else None) == expected, after.reason
    assert expected.check in said or (not expected.check and not said), said
    assert wrong(before, after) == []


def wrong(before: Batch, after: Batch) -> list[str]:
    """Every fact that the good page does not state; a fact that is missing is not wrong."""
    known = {each.sighting_key: each for each in before.sightings}
    return [
        f"{each.sighting_key} {field.name}"
        for each in after.sightings
        for field in fields(Sighting)
        if field.name not in APART and _differs(known.get(each.sighting_key), each, field.name)
    ] + [
        f"{each.sighting_key} {metric}={value}"
        for each in after.sightings
        for metric, value in each.metrics
        if (metric, value) not in known[each.sighting_key].metrics
    ]


def _differs(before: Sighting | None, after: Sighting, name: str) -> bool:
    value = getattr(after, name)
    return before is None or (value not in (None, "", ()) and value != getattr(before, name))
