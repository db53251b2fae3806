"""The tables that are made when a snapshot is published, of what only a long query would answer.

They are `core.authors`, `core.listed` and the shares of days in the digest of the facts. The writer's file keeps them.
A publish looks at every row for what changed since the last one, by its hash, and makes again only what comes of that:
who changed it, and how, does not matter. What another release of DuckDB hashes otherwise is made again as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.database.sql import Connection, Statements, append
from warehouse.read.export import Digest, PartSum, digest_of, part_sums, tables

# Beyond this share of changes it is quicker to make everything again.
CHANGED_MOST = 0.25
# The exported tables in parts that are days of pages; of papers they are days of records.
BY_DAY = ("metrics", "reviews", "sightings")

_LOOK_AGAIN = ("create_changed_days", "create_changed_papers", "create_former_papers")
_LOOK = ("create_records", "create_paper_marks", "create_day_marks", *_LOOK_AGAIN)
_AUTHORS = (
    "create_touched_keys",
    "create_touched_papers",
    "create_spelled",
    "delete_touched_authors",
    "insert_authors",
    "delete_former_marks",
    "insert_paper_marks",
)
_LISTED = (
    "create_touched_listings",
    "delete_touched_listings",
    "insert_listings",
    "delete_day_marks",
    "insert_day_marks",
)
_TABLES = ("delete_paper_marks", "delete_day_marks", "delete_authors", "delete_listed", "delete_digest_parts")
_TEMPORARY = (
    "smallest_records",
    "paper_marks_now",
    "day_marks_now",
    "changed_days",
    "changed_papers",
    "former_papers",
    "touched_keys",
    "touched_papers",
    "spelled",
    "touched_listings",
)

_sql = Statements(__package__, "sql/derived")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    papers_count: int
    changed_papers_count: int
    days_count: int
    changed_days_count: int

    @property
    def are_many(self) -> bool:
        """Whether to make everything again."""
        return (
            self.changed_papers_count > CHANGED_MOST * self.papers_count
            or self.changed_days_count > CHANGED_MOST * self.days_count
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum(PartSum):
    table_name: str


def derive(connection: Connection) -> Digest:
    """Bring the tables in line with the facts, within the transaction that is open; returns the facts' digest."""
    changes = _look(connection)
    if changes.are_many:
        forget(connection)
        _run(connection, _LOOK_AGAIN)
    days = None if changes.are_many else _sql.column(connection, "read_changed_days")
    papers = None if changes.are_many else _sql.column(connection, "read_changed_parts")
    for table in tables():
        _sum_up(connection, table, papers if table == "papers" else days if table in BY_DAY else None)
    _run(connection, _AUTHORS)
    _run(connection, _LISTED)
    for table in _TEMPORARY:  # a table's name cannot be a parameter
        connection.execute(f"drop table temp.{table}")
    sums: dict[str, list[PartSum]] = {table: [] for table in tables()}
    for each in _sql.records(connection, "read_parts", _Sum):
        sums[each.table_name].append(each)
    return digest_of(sums)


def is_in_line(connection: Connection) -> bool:
    """Whether the facts are those that the tables were made of: every row is read."""
    changes = _look(connection)
    return not changes.changed_papers_count and not changes.changed_days_count


def forget(connection: Connection) -> None:
    """Empty the tables."""
    _run(connection, _TABLES)


def _look(connection: Connection) -> _Changes:
    """Find what changed since the tables were brought in line."""
    _run(connection, _LOOK)
    (changes,) = _sql.records(connection, "count_changes", _Changes)
    return changes


def _sum_up(connection: Connection, table: str, parts: list[str] | None) -> None:
    if parts == []:
        return
    _sql.run(connection, "delete_parts", {"table_name": table, "parts": parts})
    sums = part_sums(connection, table, parts)
    append(
        connection,
        "ops.digest_parts",
        [
            {
                "table_name": table,
                "part": each.part,
                "rows_count": each.rows_count,
                "lower_sum": str(each.lower_sum),
                "upper_sum": str(each.upper_sum),
            }
            for each in sums
        ],
    )


def _run(connection: Connection, names: tuple[str, ...]) -> None:
    for name in names:
        _sql.run(connection, name)
