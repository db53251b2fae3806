"""A batch as rows of the raw tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from hashlib import blake2b

import msgspec

from transforms.records import (
    Batch,
    HumanDecision,
    Metric,
    PartitionDecision,
    Sighting,
)
from warehouse.database.staging import Row
from warehouse.errors import BatchRefusedError

PLACED = frozenset({"source", "partition_on", "section", "position", "entry_key", "first_line", "metrics"})
CONTENT = tuple(field.name for field in fields(Sighting) if field.name not in PLACED)


def listing_row(batch: Batch, entries: Sequence[Row]) -> Row:
    """The batch's row for raw.pages, raw.listings and raw.readings together."""
    return {
        "run_id": batch.run.run_id,
        "source": batch.source.name,
        "partition_on": batch.partition_on,
        "page_sha256": batch.page.sha256,
        "fetched_at": batch.page.fetched_at,
        "url": batch.page.url,
        "final_url": batch.page.final_url,
        "media_type": batch.page.media_type,
        "byte_count": len(batch.page.body),
        "outcome": batch.outcome,
        "is_closed": batch.is_closed,
        "is_degraded": batch.is_degraded,
        "previous_on": batch.previous_on,
        "next_on": batch.next_on,
        "entries_count": batch.entries_count,
        "sightings_count": len(batch.sightings),
        "rejections_count": len(batch.rejections),
        "entries_digest": _digest([entries, [{**row, "run_id": None} for row in quarantine_rows(batch)]]),
        "extractor_version": batch.source.extractor_version,
        "reason": batch.reason,
        "shape": dict(batch.shape) or None,
    }


def entry_rows(batch: Batch) -> tuple[list[Row], list[Row]]:
    """The batch's rows for raw.entries and raw.contents. Raises BatchRefusedError if a sighting stands twice."""
    entries, contents = [], []
    for sighting in batch.sightings:
        content = {name: getattr(sighting, name) for name in CONTENT}
        key = f"{sighting.partition_on:%Y%m%d}{_digest([sighting.sighting_key, content])}"
        contents.append({"content_key": key, **_without_twins(content)})
        entries.append(_entry_row(batch, sighting, key))
    keys = {row["sighting_key"] for row in entries}
    if len(keys) != len(entries):
        message = f"{batch.source.name} {batch.partition_on}: a sighting stands twice in one batch"
        raise BatchRefusedError(message)
    return entries, contents


def quarantine_rows(batch: Batch) -> list[Row]:
    """The batch's rows for ops.quarantine; none without a partition."""
    return [
        {
            "source": batch.source.name,
            "partition_on": batch.partition_on,
            "page_sha256": batch.page.sha256,
            "section": rejection.section,
            "position": rejection.position,
            "reason": rejection.reason,
            "detail": rejection.detail,
            "entry_text": rejection.entry_text,
            "run_id": batch.run.run_id,
        }
        for rejection in batch.rejections
        if batch.partition_on
    ]


def finding_rows(batch: Batch) -> list[Row]:
    """The batch's rows for ops.findings."""
    return [
        {
            "run_id": batch.run.run_id,
            "check_name": finding.check_name,
            "level": finding.level,
            "observed": finding.observed,
            "expected": finding.expected,
            "place": finding.place,
        }
        for finding in batch.findings
    ]


def source_rows(batches: Iterable[Batch]) -> list[Row]:
    """One row of ops.sources for each source in the batches."""
    facts = {batch.source.name: batch.source for batch in batches}
    return [
        {
            "source": name,
            "trust": source.trust,
            "closing": source.closing,
            "extractor_version": source.extractor_version,
            "partition_days": source.partition_days,
        }
        for name, source in sorted(facts.items())
    ]


def decision_row(decision: HumanDecision) -> Row:
    """The decision's row for ops.decisions; the same word about the same pair at the same time is one decision."""
    left, right = sorted((decision.left, decision.right))
    return {
        "decision_id": _digest([left, right, decision.is_same, decision.decided_at]),
        "kind": "same" if decision.is_same else "different",
        "left_key": left,
        "right_key": right,
        "reason": decision.reason,
        "decided_at": decision.decided_at,
    }


def lost_row(decision: PartitionDecision, run_id: str) -> Row:
    """The decision's row for ops.lost_partitions."""
    return {
        "source": decision.source,
        "partition_on": decision.partition_on,
        "is_lost": decision.is_lost,
        "reason": decision.reason,
        "decided_at": decision.decided_at,
        "run_id": run_id,
    }


def _entry_row(batch: Batch, sighting: Sighting, content_key: str) -> Row:
    metrics = dict(sighting.metrics)
    return {
        "source": sighting.source,
        "partition_on": sighting.partition_on,
        "page_sha256": batch.page.sha256,
        "sighting_key": sighting.sighting_key,
        "section": sighting.section,
        "position": sighting.position,
        "first_line": sighting.first_line,
        "content_key": content_key,
        "upvotes": metrics.get(Metric.UPVOTES),
        "comments": metrics.get(Metric.COMMENTS),
        "github_stars": metrics.get(Metric.GITHUB_STARS),
    }


def _without_twins(content: Row) -> Row:
    """Raw text is stored only where it differs from the normalised one."""
    return {
        **content,
        "title_raw": None if content["title_raw"] == content["title_text"] else content["title_raw"],
        "abstract_raw": None if content["abstract_raw"] == content["abstract_text"] else content["abstract_raw"],
    }


def _digest(value: object) -> str:
    return blake2b(msgspec.json.encode(value), digest_size=16).hexdigest()
