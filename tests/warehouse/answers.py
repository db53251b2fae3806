"""The analysts' part of the README: each mart with an example, each question with its answer on the small warehouse.

`python -m tests.warehouse.answers` rewrites it; a test checks that it is current.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from tests.support.places import ROOT
from tests.support.small import built
from warehouse import Reader, Table
from warehouse.database.sql import names, statement

README = ROOT / "warehouse" / "README.md"
BEGIN, END = "<!-- answers: begin (generated) -->", "<!-- answers: end -->"


def written(home: Path) -> str:
    """The generated part, answered by a small warehouse made in `home`."""
    warehouse, _ = built(home)
    with warehouse.reader() as reader:
        parts = ["## Ten questions", *(_question(reader, name) for name in names("answers"))]
        parts.append("## One example for each view and macro")
        parts.extend(f"`marts.{name}`\n\n{_sql(statement(name, 'examples'))}" for name in names("examples"))
    return "\n\n".join(parts)


def rewrite(path: Path = README) -> None:
    """Rewrite the generated part of the README."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    with tempfile.TemporaryDirectory() as home:
        path.write_text(f"{before}{BEGIN}\n\n{written(Path(home))}\n\n{END}{after}", encoding="utf-8")


def _question(reader: Reader, name: str) -> str:
    asked, _, sql = statement(name, "answers").partition("\n")
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


if __name__ == "__main__":
    rewrite()
