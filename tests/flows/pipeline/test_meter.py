"""How far a run is."""

from __future__ import annotations

from flows.pipeline.meter import Meter, duration


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


def test_what_is_fetched_shows_the_speed_before_anything_is_done() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.note()  # the plan
    meter.expect(30)
    clock.now = 12.0
    for _ in range(12):
        meter.note()
    assert str(meter) == "12/30, 60/min, 0:18 left"
    for _ in range(12):
        meter.done()
    assert str(meter) == "12/30, 60/min, 0:18 left"


def test_nothing_is_estimated_before_the_first_and_after_the_last() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.expect(1)
    assert str(meter) == "0/1"
    clock.now = 5.0
    meter.done()
    meter.done()  # a page may hold several listings
    assert str(meter) == "2/2"


def test_a_duration_reads_like_a_clock() -> None:
    assert [duration(each) for each in (0, 18.4, 65, 3900)] == ["0:00", "0:18", "1:05", "1:05:00"]
