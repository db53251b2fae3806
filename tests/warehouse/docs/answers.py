"""The questions of `docs/analyse.md` with their answers on the small warehouse, and an example for each mart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.support.small import built
from warehouse import Reader, Table
from warehouse.docs import ANSWERS, EXAMPLES


def answers(home: Path) -> str:
    """Ten questions and an example for each view and macro, answered by a small warehouse made in `home`."""
    warehouse, _ = built(home)
    with warehouse.reader() as reader:
        parts = ["## Ten questions", *(_question(reader, name) for name in ANSWERS.names())]
        parts.append("## One example for each view and macro")
        parts.extend(f"`marts.{name}`\n\n{_sql(EXAMPLES.text(name))}" for name in EXAMPLES.names())
    return "\n\n".join(parts)


def _question(reader: Reader, name: str) -> str:
    asked, _, sql = ANSWERS.text(name).partition("\n")
    return f"### {asked.removeprefix('-- ')}\n\n{_sql(sql)}\n\n{_table(reader.query(sql))}"


def _sql(text: str) -> str:
    return f"```sql\n{text.strip()}\n```"


def _table(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *([_cell(value) for value in row] for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(each) for each in value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
