"""Takes out of a copy of the working file what people decided to withhold, wherever in it that stands.

The facts stay: papers, ids, dates, ranks, numbers, keys, and what is one paper. What is taken out still lies in free
blocks of the copy, so only a file that is written anew from it may be published. The working file keeps everything.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from unicodedata import normalize

import duckdb

from transforms.records import WithholdDecision
from transforms.withholding import Target
from warehouse.database.connection import reading
from warehouse.database.sql import Connection, Statements, stage
from warehouse.errors import WarehouseError
from warehouse.publish.kept import discard, kept_files

Withheld = Mapping[Target, WithholdDecision]
"""What is withheld now, each with the decision that says so."""

# In this order: what is meant and what of it is where, then the changes; the names come between.
_MEANT = (
    "create_text_key",
    "create_name_key",
    "create_arxiv_ids",
    "create_records",
    "create_texts_of_records",
    "create_ids_of_records",
    "create_keys",
    "insert_same_texts",
    "create_ids",
    "create_name_patterns",
)
_CHANGES = (
    "create_withheld_texts",
    "create_contents",
    "create_facts",
    "insert_withheld",
    "create_words_of",
    "create_phrases_of",
    "create_phrases",
    "create_without_names",
    "create_is_part",
    "update_facts",
    "update_papers",
    "update_contents",
    "update_comparisons",
    "update_matches",
    "update_quarantine",
    "update_withholdings",
)
# Words about pages, and people's words, which may quote anything.
_WORDS = (
    ("ops.findings", "observed"),
    ("ops.findings", "expected"),
    ("ops.findings", "place"),
    ("ops.quarantine", "detail"),
    ("ops.quarantine", "entry_text"),
    ("ops.runs", "reason"),
    ("ops.decisions", "reason"),
    ("ops.lost_partitions", "reason"),
    ("ops.forgotten_partitions", "reason"),
    ("raw.listings", "reason"),
    ("raw.readings", "url"),
    ("raw.readings", "final_url"),
    ("raw.fact_answers", "reason"),
)
# The names of a table and a column cannot be parameters. The pattern is one, so that it is prepared once.
_SWEEP = """
update {table}
set {column} = '(withheld)'
where regexp_matches(name_key({column}), $pattern::varchar)
    or rowid in (
        select row
        from (
            select row, unnest(phrases_of(words)) as phrase
            from (select rowid as row, words_of({column}) as words from {table})
        )
        where phrase in (select phrase from withheld_phrases)
    )
"""

_sql = Statements(__package__)
_steps = Statements(__package__, "sql/withhold")


def read_withholdings(connection: Connection) -> list[WithholdDecision]:
    """The decisions on record about what is published."""
    return _sql.records(connection, "read_withholdings", WithholdDecision)


def redact(connection: Connection, withheld: Withheld) -> int:
    """Take everything that is withheld out of the file that the connection may write; returns how much that is.

    Counted are the texts and names of papers that would be in it. The tables of the schemas raw, core and ops are gone
    through. What quotes five words in a row of a withheld text, or a withheld name, is taken out as a whole.
    """
    connection.begin()
    stage(connection, "stage_withheld", withheld, like="core.withheld core.sightings ops.withholdings")
    for name in _MEANT:
        _steps.run(connection, name)
    spellings = _steps.column(connection, "read_spellings")
    _steps.run(connection, "create_names", {"spellings": _escaped(spellings)})
    for name in _CHANGES:
        _steps.run(connection, name)
    (pattern,) = _steps.column(connection, "read_pattern")
    for table, column in _WORDS:
        connection.execute(_SWEEP.format(table=table, column=column), {"pattern": pattern})
    (count,) = _steps.column(connection, "count_withheld")
    connection.commit()
    return int(count)


def drop_kept(home: Path, withheld: Withheld) -> None:
    """Delete the kept snapshots that were made before one of the decisions: they may hold what is withheld.

    Readers that have one open keep it until they close it. Raises WarehouseError if one cannot be deleted.
    """
    decided = {each.decision_id for each in withheld.values()}
    for path in kept_files(home) if decided else ():
        if not decided <= _known(path):
            try:
                discard(path)
            except OSError as error:
                said = f"published, but {path} may hold what is withheld and cannot be deleted: {error.strerror}"
                raise WarehouseError(f"{said}; delete it and the files beside it") from error


def _known(snapshot: Path) -> set[str]:
    """The decisions that a snapshot was made by; none of one that cannot be read, or of a release without them."""
    try:
        with reading(snapshot) as connection:
            return set(_sql.column(connection, "read_withholding_ids"))
    except (WarehouseError, duckdb.Error):
        return set()


def _escaped(spellings: Iterable[str]) -> list[str]:
    """The spellings of names, also as JSON and HTML may print them."""
    forms = {normalize(form, case) for each in spellings for form in ("NFC", "NFD") for case in (each, each.upper())}
    return sorted({text for form in forms for text in (form, json.dumps(form)[1:-1], html.escape(form))})
