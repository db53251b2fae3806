"""Answers of services: each is asked for, kept, read, and loaded in a transaction of its own.

One harvest has answers of 9 MB each, so no more than one is held at a time.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.errors import AnswerRefused, FetchError, HostClosed, LandingError, PageChanged, TransientFetchError
from extractors.http.body import Bounds
from extractors.http.fetcher import Fetcher
from extractors.landing.landing import Landing, name_of
from extractors.service import Service
from extractors.services import SERVICES
from extractors.source import PageRequest
from flows.pipeline.fetch import HOSTS_FAULT
from flows.pipeline.outcome import FetchedPartition, RunResult
from flows.pipeline.read import defect, new_run
from flows.pipeline.words import id_of
from flows.pipeline.work import OWN_CLOCK, Clock
from flows.places.landing import landing_of
from flows.places.warehouse import moments_of
from flows.settings import Settings
from transforms.facts import Answer, AnswerBatch
from transforms.records import Cause, Finding, Page, Run

if TYPE_CHECKING:
    from warehouse.writer import Writer

# A page of a harvest has 2,500 to 3,500 records; the server puts it together while one waits.
ANSWER_SECONDS_MAX = 300.0


class Asker(AbstractContextManager["Asker"]):
    """Asks one service, one request at a time. `is_down` once its host failed: the rest is not asked for."""

    def __init__(self, settings: Settings, service: Service, clock: Clock = OWN_CLOCK) -> None:
        self._service = service
        self._landing = landing_of(settings)
        self._session = Fetcher(
            settings.contact,
            requests_per_second=min(settings.requests_per_second, service.requests_per_second_max),
            moments=moments_of(settings, clock.now),
            timeouts=(10.0, ANSWER_SECONDS_MAX),
            bounds=Bounds(seconds_max=ANSWER_SECONDS_MAX),
            now=clock.now,
        )
        self.is_down = False

    def __exit__(self, *error: object) -> None:
        """Close the connection."""
        self._session.__exit__(*error)

    def ask(self, url: str) -> FetchedPartition:
        """The kept answer, or the reason why there is none."""
        answer = FetchedPartition(source=self._service.name, asked_on=None)
        request = PageRequest(
            source=answer.source, asked_on=None, url=url, statuses=self._service.statuses, is_xml=True
        )
        try:
            page = self._session.fetch(request)
        except FetchError as error:
            self.is_down = isinstance(error, HostClosed) or error.cause in HOSTS_FAULT
            is_transient = isinstance(error, TransientFetchError)
            return replace(answer, reason=str(error), cause=error.cause, is_transient=is_transient)
        return replace(answer, kept=self._landing.keep(page))


def loaded_answer(
    writer: Writer, landing: Landing, job: str, answer: FetchedPartition
) -> tuple[Answer | None, RunResult]:
    """One answer read and loaded: what it says, None if it could not be read, and its run."""
    run = new_run(job, answer.source, None)
    if answer.kept is None:
        return None, RunResult(outcome=writer.record_failure(run, answer.reason or "no answer", answer.cause))
    try:
        page = landing.load(answer.kept)
    except LandingError as error:
        return None, RunResult(outcome=writer.record_failure(run, str(error), error.cause))
    batch = read_answer(SERVICES[answer.source], page, run)
    path = landing.shown(answer.kept)
    return batch.answer, RunResult(outcome=writer.load_facts(batch), findings=batch.findings, page=path)


def read_answer(service: Service, page: Page, run: Run) -> AnswerBatch:
    """The answer as it may be loaded; one of another shape, or an error of the service, is refused with the reason."""
    try:
        answer = service.parse(page)
    except (PageChanged, AnswerRefused) as error:
        return _refused(service, page, run, " ".join(str(error).split()), error.cause)
    except Exception as error:  # noqa: BLE001 - one answer that breaks its reader must not stop the others
        return _refused(service, page, run, defect(page.url, error), Cause.EXTRACTOR_FAILED)
    return AnswerBatch(
        run=run, service=service.name, version=service.version, page=page, answer=answer, findings=answer.findings
    )


def left_answers(writer: Writer, landing: Landing, service: str) -> list[FetchedPartition]:
    """The answers that were kept and never loaded, because their command was stopped, in the order of keeping."""
    loaded = loaded_names(writer, service)
    if landing.names(service) <= loaded:
        return []
    return [
        FetchedPartition(source=service, asked_on=None, kept=kept)
        for kept in landing.readings(service)
        if name_of(id_of(kept)) not in loaded
    ]


def loaded_names(writer: Writer, service: str) -> frozenset[str]:
    """The names of the loaded answers' files (see `name_of`)."""
    return frozenset(name_of(each.reading) for each in writer.answers(service))


def _refused(service: Service, page: Page, run: Run, reason: str, cause: Cause | None) -> AnswerBatch:
    finding = Finding.error("answer_refused", reason[:500], f"an answer of {service.name} that can be read")
    return AnswerBatch(
        run=run,
        service=service.name,
        version=service.version,
        page=page,
        answer=None,
        reason=reason,
        cause=cause,
        findings=(finding,),
    )
