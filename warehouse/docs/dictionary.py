"""The data dictionary, `docs/data-dictionary.md`: every table and column with the database's own comment."""

from __future__ import annotations

import duckdb

from warehouse.database.migrations import migrate
from warehouse.database.sql import statement

TITLES = {
    "marts": "what readers are promised",
    "core": "what we hold true",
    "raw": "what was said",
    "ops": "runs, findings, quarantine, partitions",
}


def dictionary() -> str:
    """The dictionary as Markdown: a diagram of `core`, then for each schema a part for each table and macro."""
    with duckdb.connect() as connection:
        migrate(connection)
        rows = connection.execute(statement("read_dictionary")).fetchall()
        macros = connection.execute(statement("read_macros")).fetchall()
    parts = [diagram(rows)]
    for schema, title in TITLES.items():
        parts.append(f"## `{schema}`: {title}")
        names = dict.fromkeys((table, about) for of, table, about, *_ in rows if of == schema)
        parts.extend(_section(schema, table, about, rows) for table, about in names)
        if schema == "marts":
            parts.extend(f"### `marts.{name}({parameters})`\n\n{about}" for name, parameters, about in macros)
    return "\n\n".join(parts)


def diagram(rows: list[tuple[str, ...]]) -> str:
    """Entities and relations of `core` and `raw.contents`, for Mermaid: a column ending in `_key` names one."""
    owners = {"sighting_key": "core_sightings", "paper_key": "core_papers", "content_key": "raw_contents"}
    lines = ["```mermaid", "erDiagram"]
    drawn = [row for row in rows if row[0] == "core" or (row[0], row[1]) == ("raw", "contents")]
    for schema, table in dict.fromkeys((row[0], row[1]) for row in drawn):
        name = f"{schema}_{table}"
        keys = [row[3] for row in drawn if (row[0], row[1]) == (schema, table) and row[3].endswith("_key")]
        lines.append(f"    {name} {{")
        lines.extend(f"        varchar {key}" for key in keys)
        lines.append("    }")
        lines.extend(
            f"    {owners[key]} ||--o{{ {name} : {key}" for key in keys if key in owners and owners[key] != name
        )
    return "\n".join([*lines, "```"])


def _section(schema: str, table: str, about: str, rows: list[tuple[str, ...]]) -> str:
    columns = [
        f"| `{column}` | {kind} | {text} |" for of, name, _, column, kind, text in rows if (of, name) == (schema, table)
    ]
    head = ["| column | type | meaning |", "|---|---|---|"]
    return "\n".join([f"### `{schema}.{table}`", "", about, "", *head, *columns])
