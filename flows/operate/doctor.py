"""`paperlog doctor`: everything that must be right before Paperlog can do its work, looked at in bounded time."""

from __future__ import annotations

from functools import partial

from flows.operate import machine, reachable
from flows.operate.diagnosis import Diagnosis, within
from flows.settings import Settings

HERE_SECONDS = 60.0
ELSEWHERE_SECONDS = 20.0


def doctor(settings: Settings, *, try_webhook: bool = False) -> list[Diagnosis]:
    """Look at the machine, the home, the sites and the scheduling. Nothing is written that stays."""
    here = (machine.python, machine.setting_values, partial(machine.home, settings), partial(machine.clock, settings))
    found = [each for look in here for each in within(HERE_SECONDS, "this machine", look)]
    found += reachable.contact(settings)
    for source in settings.urls:
        found += within(ELSEWHERE_SECONDS, f"site of {source}", partial(reachable.site, settings, source))
    found += within(ELSEWHERE_SECONDS, "webhook", partial(reachable.webhook, settings, is_tried=try_webhook))
    found += within(ELSEWHERE_SECONDS, "server", partial(reachable.scheduling, settings))
    return found
