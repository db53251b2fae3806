"""The data dictionary, `docs/data-dictionary.md`: every table and column with the database's own comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import duckdb

from warehouse.database.migrate import migrate
from warehouse.database.sql import Statements

TITLES = {
    "marts": "what readers are promised",
    "core": "what we hold true",
    "raw": "what was said",
    "ops": "runs, findings, quarantine, partitions",
}

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table or view, with both comments."""

    schema: str
    table: str
    table_comment: str
    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A table macro of `marts`."""

    name: str
    parameters: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything that the migrations create."""

    columns: Sequence[Column]
    macros: Sequence[Macro]

    def tables(self, schema: str) -> Iterator[tuple[Column, ...]]:
        """The columns of each table of a schema."""
        inside = (column for column in self.columns if column.schema == schema)
        return (tuple(columns) for _, columns in groupby(inside, key=lambda column: column.table))


def read_schema() -> Schema:
    """Apply the migrations to an empty database and read what they created."""
    with duckdb.connect() as connection:
        migrate(connection)
        return Schema(
            columns=_sql.records(connection, "read_dictionary", Column),
            macros=_sql.records(connection, "read_macros", Macro),
        )


def dictionary() -> str:
    """The dictionary as Markdown: a diagram of `core`, then for each schema a part for each table and macro."""
    schema = read_schema()
    parts = [diagram(schema)]
    for name, title in TITLES.items():
        parts.append(f"## `{name}`: {title}")
        parts.extend(_section(columns) for columns in schema.tables(name))
        if name == "marts":
            parts.extend(f"### `marts.{each.name}({each.parameters})`\n\n{each.comment}" for each in schema.macros)
    return "\n\n".join(parts)


def diagram(schema: Schema) -> str:
    """Entities and relations of `core` and `raw.contents`, for Mermaid: a column ending in `_key` names one."""
    owners = {"sighting_key": "core_sightings", "paper_key": "core_papers", "content_key": "raw_contents"}
    lines = ["```mermaid", "erDiagram"]
    drawn = [*schema.tables("core"), *(columns for columns in schema.tables("raw") if columns[0].table == "contents")]
    for columns in drawn:
        name = f"{columns[0].schema}_{columns[0].table}"
        keys = [column.name for column in columns if column.name.endswith("_key")]
        lines += [f"    {name} {{", *(f"        varchar {key}" for key in keys), "    }"]
        lines += [f"    {owners[key]} ||--o{{ {name} : {key}" for key in keys if owners.get(key, name) != name]
    return "\n".join([*lines, "```"])


def _section(columns: Sequence[Column]) -> str:
    first = columns[0]
    head = [f"### `{first.schema}.{first.table}`", "", first.table_comment, ""]
    rows = [f"| `{column.name}` | {column.type} | {column.comment} |" for column in columns]
    return "\n".join([*head, "| column | type | meaning |", "|---|---|---|", *rows])
