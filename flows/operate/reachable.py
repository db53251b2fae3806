"""What is elsewhere: the sites of the sources, the receiver of messages, the Prefect server with pool and worker."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from datetime import UTC, datetime

import requests

from extractors.errors import FetchError, PermanentFetchError
from extractors.http.fetcher import Fetcher
from extractors.sources import source_named
from flows.alerts.notify import Message, notify
from flows.operate.diagnosis import Diagnosis, fail, ok, warn
from flows.pipeline.work import OWN_CLOCK
from flows.places.warehouse import moments_of
from flows.scheduled.server import is_healthy
from flows.settings import Settings, prefect_api

POOL_PATH = "work_pools/paperlog"
SECONDS = 5
ADDRESS_FILE = "up.lock"


def site(settings: Settings, source: str) -> Iterator[Diagnosis]:
    """Whether the site of a source answers, and allows its pages: one request, for robots.txt."""
    name = f"site of {source}"
    digest = source_named(settings.lists_of(source)[0])
    request, pace = settings.requests_to(digest)(datetime.now(UTC).date()), settings.pace_of(digest)
    moments = moments_of(settings, OWN_CLOCK.now)
    with Fetcher(settings.contact, retries=0, requests_per_second=pace, moments=moments) as fetcher:
        try:
            fetcher.require_allowed(request)
        except PermanentFetchError as error:
            yield fail(name, str(error), "ask the site, or adopt saved pages")
        except FetchError as error:
            yield fail(name, str(error), "look at the network, proxies and the address; a later run heals it")
        else:
            yield ok(name, settings.urls[source])


def contact(settings: Settings) -> Iterator[Diagnosis]:
    """Whether a site can write to somebody."""
    if settings.urls and settings.contact == "no contact set":
        yield warn("contact", "the sites see no address to write to", "set PAPERLOG_CONTACT")


def webhook(settings: Settings, *, is_tried: bool) -> Iterator[Diagnosis]:
    """Whether somebody gets messages; only on demand is one sent."""
    if settings.webhook is None:
        yield warn("webhook", "nobody is told when something is wrong", "set PAPERLOG_WEBHOOK_URL, or call `check`")
    elif not is_tried:
        yield ok("webhook", "set; --webhook sends a message to try it")
    elif trouble := notify(settings, Message(subject="paperlog doctor: a test message, nothing is wrong")):
        yield fail("webhook", trouble, "mend the address or the receiver")
    else:
        yield ok("webhook", "the test message was taken")


def scheduling(settings: Settings) -> Iterator[Diagnosis]:
    """The server that runs report to, its work pool, and a worker that polls it."""
    api = prefect_api() or _api_of_up(settings)
    if api is None:
        yield warn("server", "none: nothing runs on schedule", "`paperlog up` runs one, or set PREFECT_API_URL")
        return
    if not is_healthy(api):
        yield fail("server", "it does not answer", "start it, or unset PREFECT_API_URL to run without one")
        return
    yield ok("server", "it answers")
    try:
        yield from _pool(api)
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        yield fail("pool", f"the server gives no answer about it: {type(error).__name__}", "look at the server's log")


def _pool(api: str) -> Iterator[Diagnosis]:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{api}/{POOL_PATH}", timeout=SECONDS)
        if answer.status_code == requests.codes.not_found:
            yield fail("pool", "there is no work pool paperlog", "`paperlog up` makes it")
            return
        answer.raise_for_status()
        yield warn("pool", "it is paused", "switch it on") if answer.json()["is_paused"] else ok("pool", "paperlog")
        found = session.post(f"{api}/{POOL_PATH}/workers/filter", json={}, timeout=SECONDS)
        found.raise_for_status()
        online = [each["name"] for each in found.json() if each["status"] == "ONLINE"]
        remedy = "`paperlog up` runs one, or prefect worker start --pool paperlog"
        yield ok("worker", ", ".join(online)) if online else fail("worker", "none polls the pool", remedy)


def _api_of_up(settings: Settings) -> str | None:
    """The address of the server that `paperlog up` runs for this home; None if none runs."""
    path = settings.home / ADDRESS_FILE
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return next((word for word in file.read().split() if word.startswith("http")), None)
    return None  # nobody holds it: an earlier one was killed
