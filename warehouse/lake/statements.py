"""A migration on a lake: the same text, but for what a lake does not keep or says otherwise (DuckDB 1.5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from warehouse.database.sql import Connection, Statements, append, stage

# A lake keeps no comment of a view's columns or of a macro. All are kept in a table, where they can be joined.
_COMMENT = re.compile(
    r"comment on (?:table|view|column|macro|macro table) (\w+)\.(\w+)(?:\.\"?(\w+)\"?)?\s+is\s+'((?:[^']|'')*)'",
    re.IGNORECASE,
)
# It takes the default of a new column as a literal only, and `false` is an expression to it.
_ADDED = re.compile(r"(alter table \S+ add column \S+ boolean default) (true|false)", re.IGNORECASE)

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a migration says of a relation, or of one column of it."""

    schema_name: str
    relation: str
    column_name: str | None
    comment: str


def run_on_lake(connection: Connection, text: str) -> None:
    """Run a migration statement by statement."""
    comments: dict[tuple[str, str, str | None], Comment] = {}
    for statement in statements_of(text):
        if found := _COMMENT.fullmatch(statement):
            schema, relation, column, said = found.groups()
            comments[schema, relation, column] = Comment(
                schema_name=schema, relation=relation, column_name=column, comment=said.replace("''", "'")
            )
        else:
            connection.execute(_ADDED.sub(r"\1 '\2'", statement))
    stage(connection, "stage_comments", comments.values(), like="lake.comments")
    _sql.run(connection, "delete_comments")
    append(connection, "lake.comments", comments.values())


def statements_of(text: str) -> Iterator[str]:
    """The statements of a text, without the comments of SQL before them; DuckDB finds where each ends."""
    data, start = text.encode(), None
    for offset, _ in duckdb.tokenize(text):
        if data[offset : offset + 1] != b";":
            start = offset if start is None else start
        elif start is not None:
            yield data[start:offset].decode().strip()
            start = None
    if start is not None:
        yield data[start:].decode().strip()
