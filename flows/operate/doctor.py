"""`paperlog doctor`: everything that must be right before Paperlog can do its work, looked at in bounded time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from flows.operate import machine, reachable
from flows.operate.diagnosis import Diagnosis, within
from flows.operate.digests import digests
from flows.settings import Settings

HERE_SECONDS = 60.0
ELSEWHERE_SECONDS = 20.0
PARTS = ("machine", "sites", "webhook", "digests", "scheduling")

Look = tuple[str, float, Callable[[], Iterable[Diagnosis]]]


def doctor(settings: Settings, *, parts: Collection[str] = PARTS, try_webhook: bool = False) -> list[Diagnosis]:
    """Look at some parts of what must be right, by default at all. Nothing is written that stays."""
    looks: dict[str, Iterable[Look]] = {
        "machine": _machine(settings),
        "sites": _sites(settings),
        "webhook": [("webhook", ELSEWHERE_SECONDS, partial(reachable.webhook, settings, is_tried=try_webhook))],
        "digests": [("digests", HERE_SECONDS, partial(digests, settings))],
        "scheduling": [("server", ELSEWHERE_SECONDS, partial(reachable.scheduling, settings))],
    }
    return [
        found
        for part in PARTS
        if part in parts
        for name, seconds, look in looks[part]
        for found in within(seconds, name, look)
    ]


def _machine(settings: Settings) -> Iterator[Look]:
    for look in (machine.python, machine.setting_values):
        yield "this machine", HERE_SECONDS, look
    for look_at in (machine.home, machine.clock, machine.lake):
        yield "this machine", HERE_SECONDS, partial(look_at, settings)


def _sites(settings: Settings) -> Iterator[Look]:
    yield "contact", HERE_SECONDS, partial(reachable.contact, settings)
    for source in settings.urls:
        yield f"site of {source}", ELSEWHERE_SECONDS, partial(reachable.site, settings, source)
