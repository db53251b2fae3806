"""How a page differs from its neighbours in time, from its numbers alone."""

from __future__ import annotations

from datetime import date, timedelta

from transforms.listing.drift import PAGES_TO_JUDGE, Shape, drift

DAY = date(2026, 3, 10)


def shape(back: int, entries: int) -> Shape:
    return Shape(partition_on=DAY - timedelta(days=back), entries_count=entries, numbers={"filled title_text": 1.0})


def test_an_empty_list_is_no_drift_and_no_measure_for_others() -> None:
    usual = [shape(back, 40) for back in range(1, PAGES_TO_JUDGE + 3)]
    assert drift(shape(0, 0), usual, ()) == ()
    (told,) = drift(shape(0, 3), [*usual, shape(-1, 0)], ())
    assert told.check_name == "drift_entries"
    assert told.expected.startswith("40 to 40")
