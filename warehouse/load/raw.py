"""A batch as rows of the raw tables and the quarantine, and what of them is not on record yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from transforms.records import Batch, Metric, Sighting
from warehouse.database.sql import Connection, Row, Statements, append, row_of, stage
from warehouse.errors import BatchRefusedError
from warehouse.papers.changes import ListingKey, Partition

Written = Mapping[ListingKey, bool]
"""The listings whose entries were written now, and whether the page is new in its partition."""

# Where a sighting stood, and its numbers, which change daily; all other fields are its content, which is stored once.
_PLACED = frozenset({"source", "partition_on", "section", "position", "entry_key", "first_line", "metrics"})
_CONTENT = tuple(field.name for field in fields(Sighting) if field.name not in _PLACED)
_LISTING = "raw.pages raw.listings raw.readings"

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBatch:
    """A batch of a known partition with its rows for raw.entries, raw.contents and ops.quarantine."""

    batch: Batch
    listing: ListingKey
    entries: Sequence[Row]
    contents: Sequence[Row]
    rejected: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    listing: ListingKey
    run_id: str
    is_new: bool


def raw_batch(connection: Connection, batch: Batch) -> RawBatch:
    """The batch with its rows. Raises BatchRefusedError if it has no partition or a sighting twice."""
    listing = listing_of(batch)
    if listing is None:
        raise BatchRefusedError(f"{batch.source.name}: a batch without a partition has no place in the warehouse")
    if len({sighting.sighting_key for sighting in batch.sightings}) != len(batch.sightings):
        raise BatchRefusedError(f"{batch.source.name} {batch.partition_on}: a sighting stands twice in one batch")
    contents = [_content_row(sighting) for sighting in batch.sightings]
    return RawBatch(
        batch=batch,
        listing=listing,
        entries=[
            _entry_row(connection, batch, sighting, content["content_key"])
            for sighting, content in zip(batch.sightings, contents, strict=True)
        ],
        contents=contents,
        rejected=[
            row_of(
                connection,
                "ops.quarantine",
                rejection,
                source=batch.source.name,
                partition_on=batch.partition_on,
                page_sha256=batch.page.sha256,
                run_id=batch.run.run_id,
            )
            for rejection in batch.rejections
        ],
    )


def listing_of(batch: Batch) -> ListingKey | None:
    """The batch's page as a listing of its partition; None where nobody knows the partition."""
    if batch.partition_on is None:
        return None
    return ListingKey(Partition(batch.source.name, batch.partition_on), batch.page.sha256)


def write_raw(connection: Connection, batches: Sequence[RawBatch]) -> Written:
    """Write pages, listings, readings, entries, contents and quarantine; returns whose entries were written now."""
    _stage_listings(connection, batches)
    _sql.run(connection, "insert_pages")
    changed = _sql.records(connection, "read_changed_listings", _Changed)
    if changed:
        _sql.run(connection, "merge_listings", {"run_ids": [each.run_id for each in changed]})
    _sql.run(connection, "insert_readings")
    written = {each.listing: each.is_new for each in changed}
    fresh = [each for each in batches if each.listing in written]
    if fresh:
        _write_entries(connection, fresh, is_update=not all(written.values()))
    return written


def _stage_listings(connection: Connection, batches: Iterable[RawBatch]) -> None:
    stage(connection, "stage_listings", [_listing_row(connection, each) for each in batches], like=_LISTING)


def _listing_row(connection: Connection, item: RawBatch) -> Row:
    batch = item.batch
    return row_of(
        connection,
        _LISTING,
        batch.page,
        batch,
        run_id=batch.run.run_id,
        source=batch.source.name,
        page_sha256=batch.page.sha256,
        sightings_count=len(batch.sightings),
        rejections_count=len(batch.rejections),
        # Without the run: reading the same page again must give the same digest.
        entries_digest=digest_of([item.entries, [{**row, "run_id": None} for row in item.rejected]]),
        extractor_version=batch.source.extractor_version,
        shape=dict(batch.shape) or None,
    )


def _content_row(sighting: Sighting) -> Row:
    """The key starts with the day, so that contents which are read together lie together in the file."""
    content = {name: getattr(sighting, name) for name in _CONTENT}
    key = f"{sighting.partition_on:%Y%m%d}{digest_of([sighting.sighting_key, content])}"
    return {"content_key": key, **_drop_raw_equal_to_clean(content)}


def _drop_raw_equal_to_clean(content: Row) -> Row:
    """Raw text is stored only where it differs from the normalised one."""
    same = {f"{name}_raw" for name in ("title", "abstract") if content[f"{name}_raw"] == content[f"{name}_text"]}
    return content | dict.fromkeys(same)


def _entry_row(connection: Connection, batch: Batch, sighting: Sighting, content_key: object) -> Row:
    numbers = dict(sighting.metrics)
    return row_of(
        connection,
        "raw.entries",
        sighting,
        page_sha256=batch.page.sha256,
        content_key=content_key,
        **{metric.value: numbers.get(metric) for metric in Metric},
    )


def _write_entries(connection: Connection, batches: Sequence[RawBatch], *, is_update: bool) -> None:
    """Write entries, contents and quarantine; with `is_update` some of the pages stand there from another extractor."""
    known = set(_sql.column(connection, "read_content_keys"))
    if is_update:
        _stage_listings(connection, batches)
        _sql.run(connection, "delete_entries")
    contents = {row["content_key"]: row for each in batches for row in each.contents if row["content_key"] not in known}
    append(connection, "raw.contents", contents.values())
    append(connection, "raw.entries", [row for each in batches for row in each.entries])
    _write_quarantine(connection, batches, may_resolve=is_update)
    if is_update:
        _delete_contents(connection, known)


def _write_quarantine(connection: Connection, batches: Sequence[RawBatch], *, may_resolve: bool) -> None:
    """A page that was never read before has nothing in quarantine that could be resolved."""
    rejected = [row for each in batches for row in each.rejected]
    if rejected or may_resolve:
        stage(connection, "stage_quarantine", rejected, like="ops.quarantine")
    if may_resolve:
        _sql.run(connection, "resolve_quarantine", {"finished_at": datetime.now(UTC)})
    if rejected:
        _sql.run(connection, "insert_quarantine")


def _delete_contents(connection: Connection, known: Collection[str]) -> None:
    """Delete the contents that no entry of these partitions has any more."""
    if gone := set(known) - set(_sql.column(connection, "read_content_keys")):
        stage(connection, "stage_contents", [{"content_key": key} for key in gone], like="raw.contents")
        _sql.run(connection, "delete_contents")


def digest_of(value: object) -> str:
    """32 hex digits of the value as JSON."""
    return blake2b(msgspec.json.encode(value), digest_size=16).hexdigest()
