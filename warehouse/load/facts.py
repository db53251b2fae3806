"""What services say of ids: answers as they were read, what each said, and of each id what was read last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from transforms import facts as pure
from transforms.facts import AnswerBatch, AnswerOutcome, ArxivFacts, LoadedAnswer
from transforms.fields.venues import venue_of
from transforms.records import RunOutcome, Status
from warehouse.database.sql import Connection, Row, Statements, row_of, stage
from warehouse.load.raw import digest_of
from warehouse.load.runs import record_answer
from warehouse.papers.resolve import resolve_named
from warehouse.papers.sideindex import SideIndex

_CONTENT = tuple(each.name for each in fields(ArxivFacts))

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Current:
    """What holds of an id, and by which reader."""

    arxiv_id: str
    content_key: str
    extractor_version: int
    abstract_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """An id of which something else holds now, with the abstracts that it had and has."""

    before: _Current | None
    after: _Current

    @property
    def abstract_keys(self) -> tuple[str, ...]:
        return tuple(each.abstract_key for each in (self.before, self.after) if each and each.abstract_key)


def load_facts(connection: Connection, index: SideIndex, batch: AnswerBatch) -> RunOutcome:
    """Load one answer in an open transaction, with the record of its run; `index` is in sync with the warehouse.

    The run is `loaded` if anything is known now that was not before, also that ids are missing; else `unchanged`.
    """
    answer = batch.answer
    _write_answer(connection, batch)
    rows = {row["content_key"]: row for row in _rows(batch)}
    missing_count = _write_missing(connection, batch)
    changed = _write_facts(connection, list(rows.values())) if rows else []
    if abstracts := {key for each in changed for key in each.abstract_keys}:
        resolve_named(connection, index, abstracts, batch.run.run_id)
    status = Status.LOADED if changed or missing_count else Status.UNCHANGED
    if answer is None:
        status = Status.REFUSED
    outcome = RunOutcome(
        run_id=batch.run.run_id,
        source=batch.service,
        partition_on=None,
        status=status,
        entries_count=len(answer.facts) + len(answer.missing) if answer else 0,
        reason=_said(batch, len(changed)),
        cause=batch.cause,
    )
    record_answer(connection, batch, outcome)
    return outcome


def read_answers(connection: Connection, service: str) -> Sequence[LoadedAnswer]:
    """Every answer of a service that is loaded."""
    return _sql.records(connection, "read_fact_answers", LoadedAnswer, {"service": service})


def ids_without_facts(connection: Connection, asked_since: datetime) -> Sequence[str]:
    """The arXiv ids of papers of which nothing is known, and that were not asked for in vain since then."""
    return _sql.column(connection, "read_ids_without_facts", {"asked_since": asked_since})


def _said(batch: AnswerBatch, changed_count: int) -> str | None:
    """The run in words: its counts of sightings say nothing."""
    answer = batch.answer
    if answer is None:
        return batch.reason
    if answer.error_code and answer.outcome is AnswerOutcome.NOTHING:
        return f"{answer.error_code}: {answer.error_text}"
    missing = f", {len(answer.missing)} ids unknown to it: {_few(answer.missing)}" if answer.missing else ""
    unread = f", {len(answer.findings)} that cannot be read" if answer.findings else ""
    return f"{len(answer.facts)} records, {changed_count} new or changed{unread}{missing}"


def _few(ids: Sequence[str], most: int = 5) -> str:
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")


def _write_answer(connection: Connection, batch: AnswerBatch) -> None:
    answer = batch.answer
    row = row_of(
        connection,
        "raw.fact_answers",
        batch.page,
        batch,
        answer,
        page_sha256=batch.page.sha256,
        facts_count=len(answer.facts) if answer else 0,
        missing_count=len(answer.missing) if answer else 0,
        asked_set=answer.asked.set_name if answer else None,
        asked_from=answer.asked.from_on if answer else None,
        asked_token=answer.asked.token if answer else None,
        extractor_version=batch.version,
        run_id=batch.run.run_id,
    )
    stage(connection, "stage_fact_answers", [row], like="raw.fact_answers")
    _sql.run(connection, "merge_fact_answers")


def _write_missing(connection: Connection, batch: AnswerBatch) -> int:
    """Write each id that was asked for and is not answered; returns how many of them are new."""
    if batch.answer is None or not batch.answer.missing:
        return 0
    page = batch.page
    rows = [
        {"service": batch.service, "arxiv_id": each, "asked_at": page.fetched_at, "page_sha256": page.sha256}
        for each in batch.answer.missing
    ]
    stage(connection, "stage_missing_facts", rows, like="raw.missing_facts")
    return int(_sql.column(connection, "insert_missing_facts")[0])


def _write_facts(connection: Connection, rows: Sequence[Row]) -> Sequence[_Changed]:
    """Write what was said and what holds now; returns the ids of which something else holds than before."""
    stage(connection, "stage_facts", rows, like="raw.arxiv_facts")
    before = _current(connection)
    _sql.run(connection, "merge_facts")
    _sql.run(connection, "merge_current_facts")
    after = _current(connection)
    return [
        _Changed(before=before.get(name), after=current)
        for name, current in after.items()
        if before.get(name) != current
    ]


def _current(connection: Connection) -> Mapping[str, _Current]:
    return {each.arxiv_id: each for each in _sql.records(connection, "read_current_facts", _Current)}


def _rows(batch: AnswerBatch) -> Iterable[Row]:
    """A row for each record of the answer."""
    for facts in batch.answer.facts if batch.answer else ():
        content = {name: getattr(facts, name) for name in _CONTENT}
        venue, words = venue_of(facts.comments) or (None, None)
        yield content | {
            "content_key": digest_of([batch.service, content]),
            "service": batch.service,
            "first_version_on": pure.first_version_on(facts),
            "latest_version": pure.latest_version(facts),
            "has_all_versions": pure.has_all_versions(facts),
            "venue": venue,
            "venue_words": words,
            "is_withdrawn": pure.is_withdrawn(facts),
            "extractor_version": batch.version,
            "first_read_at": batch.page.fetched_at,
            "first_page_sha256": batch.page.sha256,
            "last_read_at": batch.page.fetched_at,
            "last_page_sha256": batch.page.sha256,
        }
