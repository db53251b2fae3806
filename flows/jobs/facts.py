"""Facts by id: what changed since the last harvest, and what is still unknown of the papers.

A harvest asks arXiv's OAI-PMH for each set: from the day of the last completed harvest, as the server's own clock told
it, to its end, page by page along the tokens. The days that it covers are told by the answers that are loaded, so that
a replay knows them too. Whatever a harvest did not bring, the API is asked for: papers older than the first harvest, or
in no set.

The whole archive comes as a file, once, and later harvests keep it up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from extractors.errors import LandingError
from extractors.landing.adopt import answer_of_file
from extractors.landing.json_lines import is_json_lines, parts_of
from extractors.landing.landing import name_of
from extractors.service import Service
from extractors.services import SERVICES
from extractors.services.arxiv_metadata import told_by
from flows.pipeline.answers import Asker, left_answers, loaded_answer, loaded_names
from flows.pipeline.outcome import FetchedPartition, JobResult, RunResult
from flows.pipeline.run import in_chunks, published
from flows.pipeline.work import OWN_CLOCK, Clock, Progress, Work, writing
from flows.places.landing import landing_of
from flows.settings import Settings
from transforms.facts import BAD_TOKEN, Answer, Asked, Harvest, harvest_of
from transforms.records import Page, ReadingId

JOB = "facts"
HARVESTED, ASKED = "arxiv_oai", "arxiv_api"
METADATA = "arxiv_metadata"
# An id of which arXiv knows nothing may be a slip on a page, or too new: it is asked for again after so long.
ASK_AGAIN_AFTER = timedelta(days=30)
# A token that expires within this time may not be known any more when it is asked for.
TOKEN_LEFT_MIN = timedelta(minutes=2)
# A harvest whose token is not known any more begins again so often; then something else is wrong.
RESTARTS_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which files are read, and which records of a metadata file: of any of the categories, changed since that day.

    A category also stands for those below it: `cs` for all of cs. What is not chosen is not kept either.
    """

    files: tuple[Path, ...]
    categories: frozenset[str] = frozenset()
    since: date | None = None
    fetched_at: datetime | None = None

    def pages_of(self, file: Path, service: str) -> Iterator[Page]:
        """What is to be kept of a file."""
        if service != METADATA:
            yield answer_of_file(file, service, self.fetched_at)
            return
        is_wanted = self.has if self.categories or self.since else None
        yield from parts_of(file, service, self.fetched_at, is_wanted=is_wanted)

    def has(self, line: bytes) -> bool:
        """Whether a record is chosen; a line that cannot be read is, so that it is told of."""
        told = told_by(line)
        if told is None:
            return True
        categories, changed_on = told
        is_of = not self.categories or any(self.categories & {each, each.partition(".")[0]} for each in categories)
        return is_of and (self.since is None or changed_on is None or changed_on >= self.since)


def facts(work: Work, *, first: date | None = None, only_missing: bool = False) -> JobResult:
    """Harvest what changed, since `first` or the last completed harvest, then ask for ids of which nothing is known.

    Answers that an earlier call kept and could not load come first. Stopped anywhere, a second call goes on. Without
    sets, or with `only_missing`, nothing is harvested.
    """
    settings, results = work.settings, list[RunResult]()
    for name in (HARVESTED, ASKED):
        results += work.step(load_left)(settings, name, work.progress)
    skipped_count = 0
    sets = () if only_missing else settings.arxiv_sets
    for place, set_name in enumerate(sets):
        ran, is_down = work.step(harvest)(settings, set_name, first, work.progress, clock=work.clock)
        results += ran
        if is_down:
            skipped_count += len(sets) - place - 1
            break
    ran, left_count = work.step(ask_unknown)(settings, work.progress, clock=work.clock)
    result = JobResult(job=JOB, results=(*results, *ran), skipped_count=skipped_count + left_count)
    return published(work, result)


def load_left(settings: Settings, name: str, progress: Progress) -> tuple[RunResult, ...]:
    """Load what is kept of a service and not loaded."""
    landing, results = landing_of(settings), list[RunResult]()
    with writing(settings, f"{JOB} {name}") as writer:
        left = left_answers(writer, landing, name)
        if left:
            progress.expect(len(left))
        for each in left:
            results.append(loaded_answer(writer, landing, JOB, each)[1])
            progress.done(results[-1].line)
    return tuple(results)


def harvest(
    settings: Settings, set_name: str, first: date | None, progress: Progress, *, clock: Clock = OWN_CLOCK
) -> tuple[tuple[RunResult, ...], bool]:
    """Harvest a set to its end, each page kept and then loaded; also tells whether its host failed."""
    results: list[RunResult] = []
    service = SERVICES[HARVESTED]
    since = _since(settings, set_name, first, clock.now())
    progress.note(f"{service.name} {set_name}: changes since {since.from_on}{', going on' if since.token else ''}")
    with Asker(settings, service, clock) as asker:
        for answer, result in _pages(settings, asker, service, set_name, since):
            results.append(result)
            progress.done(f"{result.line}{', more to come' if answer and answer.next_token else ''}")
        return tuple(results), asker.is_down


def ask_unknown(
    settings: Settings, progress: Progress, *, clock: Clock = OWN_CLOCK
) -> tuple[tuple[RunResult, ...], int]:
    """Ask for the ids of papers of which nothing is known; also tells how many asks were left out for a failed host."""
    service = SERVICES[ASKED]
    with writing(settings, f"{JOB} {service.name}") as writer:
        unknown = writer.ids_without_facts(clock.now() - ASK_AGAIN_AFTER)
    groups = list(in_chunks(unknown, service.ids_max))
    results: list[RunResult] = []
    if not groups or service.by_ids is None:
        return (), 0
    progress.expect(len(groups))
    progress.note(f"{service.name}: {len(unknown)} ids of which nothing is known")
    with Asker(settings, service, clock) as asker:
        for place, ids in enumerate(groups, start=1):
            got = asker.ask(service.by_ids(settings.address_of(service), ids))
            result = _load(settings, got)[1]
            results.append(result)
            progress.done(result.line)
            if asker.is_down:
                return tuple(results), len(groups) - place
    return tuple(results), 0


def _since(settings: Settings, set_name: str, first: date | None, now: datetime) -> Harvest:
    """Where to begin: at a page that is still to come, at the day that is asked for, or at that of the last harvest."""
    with writing(settings, f"{JOB} {HARVESTED} {set_name}") as writer:
        known = harvest_of(writer.answers(HARVESTED), set_name)
    from_on = first or known.from_on or now.date() - timedelta(days=1)
    is_alive = known.expires_at is None or now + TOKEN_LEFT_MIN < known.expires_at
    token = known.token if is_alive and known.from_on == from_on else None
    return Harvest(from_on=from_on, token=token, expires_at=known.expires_at)


def _pages(
    settings: Settings, asker: Asker, service: Service, set_name: str, since: Harvest
) -> Iterator[tuple[Answer | None, RunResult]]:
    """The pages of a harvest as they are loaded; it begins again where its token is not known any more."""
    if service.changes is None:
        return
    token, seen, restarts = since.token, set[str](), 0
    while True:
        asked = Asked(token=token) if token else Asked(set_name=set_name, from_on=since.from_on)
        answer, result = _load(settings, asker.ask(service.changes(settings.address_of(service), asked)))
        is_unknown = answer is not None and answer.error_code == BAD_TOKEN
        if is_unknown and restarts == RESTARTS_MAX:
            yield answer, result
            yield None, _failed(settings, service, f"{set_name}: its tokens are not known any more, {restarts} times")
            return
        yield answer, result
        if is_unknown:
            token, restarts = None, restarts + 1
            seen.clear()
            continue
        if answer is None or answer.next_token is None:
            return
        if answer.next_token in seen:
            yield None, _failed(settings, service, f"{set_name}: its tokens lead in a circle")
            return
        token = answer.next_token
        seen.add(token)


def _load(settings: Settings, got: FetchedPartition) -> tuple[Answer | None, RunResult]:
    with writing(settings, f"{JOB} {got.source}") as writer:
        return loaded_answer(writer, landing_of(settings), JOB, got)


def _failed(settings: Settings, service: Service, reason: str) -> RunResult:
    answer = FetchedPartition(source=service.name, asked_on=None, reason=f"{service.name} {reason}")
    return _load(settings, answer)[1]


def facts_of_files(work: Work, choice: Choice) -> JobResult:
    """Keep and load what files say: a file of arXiv's metadata in parts, or saved answers of OAI-PMH.

    Stopped anywhere, a second call with the same files goes on: parts that are loaded are passed over.
    """
    results: list[RunResult] = []
    for name in (METADATA, HARVESTED):
        results += work.step(load_left)(work.settings, name, work.progress)
    for file in choice.files:
        results += work.step(load_file)(work.settings, file, choice, work.progress)
    return published(work, JobResult(job=JOB, results=tuple(results)))


def load_file(settings: Settings, file: Path, choice: Choice, progress: Progress) -> tuple[RunResult, ...]:
    """Keep and load one file, part by part; what of it cannot be kept becomes a failed run."""
    landing, results, passed_count = landing_of(settings), list[RunResult](), 0
    service = HARVESTED
    try:
        service = METADATA if is_json_lines(file) else HARVESTED
        with writing(settings, f"{JOB} {service}") as writer:
            loaded = loaded_names(writer, service)
        for page in choice.pages_of(file, service):
            if name_of(ReadingId(page_sha256=page.sha256, fetched_at=page.fetched_at)) in loaded:
                passed_count += 1
                continue
            result = _load(settings, FetchedPartition(source=service, asked_on=None, kept=landing.keep(page)))[1]
            results.append(result)
            progress.done(f"{page.url}: {result.line}")
    except LandingError as error:
        failed = FetchedPartition(source=service, asked_on=None, reason=str(error), cause=error.cause)
        results.append(_load(settings, failed)[1])
    if passed_count:
        progress.note(f"{file.name}: {passed_count} parts are loaded already")
    return tuple(results)
