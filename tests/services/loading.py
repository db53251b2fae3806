"""`python -m tests.services.loading DAY...`: a writer that loads days of invented pages, one after another.

It works where its environment says, and publishes after each day. Each line on standard output is how far it is. What
goes wrong is one line on standard error, the error's class first, and exit code 1.
"""

from __future__ import annotations

import logging
import sys

from flows.places.warehouse import warehouse_of
from flows.settings import from_environment
from tests.support.lakes import day, pages_of
from transforms.errors import PaperlogError


def say(word: str) -> None:
    """Write a line, at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def load(places: list[int]) -> None:
    """Load and publish days, each with a lock of its own."""
    settings = from_environment()
    warehouse = warehouse_of(settings)
    for place in places:
        say("start")
        with warehouse.writer(f"day {day(place)}", lock_seconds=settings.lock_seconds) as writer:
            say("load")
            writer.load(pages_of(place))
            say("publish")
            digest = writer.publish().digest
        say(f"done {digest}")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        load([int(argument) for argument in sys.argv[1:]])
    except PaperlogError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)
