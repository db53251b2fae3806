"""The data dictionary, `docs/data-dictionary.md`: every table and column with the database's own comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from warehouse.database.connection import connect, migrate
from warehouse.database.sql import Connection, Statements

TITLES = {
    "marts": "what readers are promised",
    "core": "what we hold true",
    "raw": "what was said",
    "ops": "runs, findings, quarantine, partitions",
}
SCHEMAS = tuple(TITLES)

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table, view or macro, with both comments; a macro is one row without a column."""

    schema: str
    relation: str
    relation_comment: str
    name: str | None
    type: str | None
    comment: str | None


Relation = Sequence[Column]


def relations(schema: str, connection: Connection | None = None) -> Iterator[Relation]:
    """The tables, views and macros of a schema: those in the connection's file, else those that migrations create."""
    if connection is None:
        with connect() as made:
            migrate(made)
            columns = _columns(made)
    else:
        columns = _columns(connection)
    inside = (column for column in columns if column.schema == schema)
    return (tuple(group) for _, group in groupby(inside, key=lambda column: column.relation))


def _columns(connection: Connection) -> list[Column]:
    columns = _sql.records(connection, "read_dictionary", Column)
    if not _sql.column(connection, "has_comments"):
        return columns
    said = {row[:3]: row[3] for row in _sql.run(connection, "read_comments").fetchall()}
    return [
        replace(
            each,
            relation_comment=said.get((*_relation(each), None), ""),
            comment=said.get((*_relation(each), each.name)) if each.name else None,
        )
        for each in columns
    ]


def _relation(column: Column) -> tuple[str, str]:
    """Its schema and its name; that of a macro without its parameters."""
    return column.schema, column.relation.partition("(")[0]


def dictionary() -> str:
    """The dictionary as Markdown: a diagram of `core`, then for each schema a part for each relation."""
    return "\n\n".join([diagram(), *map(described, TITLES)])


def described(schema: str) -> str:
    """The part of one schema alone."""
    return "\n\n".join([f"## `{schema}`: {TITLES[schema]}", *map(_section, relations(schema))])


def diagram() -> str:
    """Entities and relations of `core` and `raw.contents`, for Mermaid: a column ending in `_key` names one."""
    owners = {"sighting_key": "core_sightings", "paper_key": "core_papers", "content_key": "raw_contents"}
    lines = ["```mermaid", "erDiagram"]
    for relation in (*relations("core"), *(each for each in relations("raw") if each[0].relation == "contents")):
        name = f"{relation[0].schema}_{relation[0].relation}"
        keys = [column.name for column in relation if column.name and column.name.endswith("_key")]
        lines += [f"    {name} {{", *(f"        varchar {key}" for key in keys), "    }"]
        lines += [f"    {owners[key]} ||--o{{ {name} : {key}" for key in keys if owners.get(key, name) != name]
    return "\n".join([*lines, "```"])


def _section(relation: Relation) -> str:
    first = relation[0]
    head = [f"### `{first.schema}.{first.relation}`", "", first.relation_comment]
    rows = [f"| `{column.name}` | {column.type} | {column.comment} |" for column in relation if column.name]
    return "\n".join([*head, *(["", "| column | type | meaning |", "|---|---|---|", *rows] if rows else [])])
