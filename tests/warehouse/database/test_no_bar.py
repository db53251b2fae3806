from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.places import ROOT
from tests.support.small import built

PROGRAM = """
import sys
from warehouse import open_warehouse

asked = "select current_setting('enable_progress_bar') as bar"
warehouse = open_warehouse(sys.argv[1])
with warehouse.reader() as reader:
    print(reader.query(asked).rows)
with warehouse.writer("test") as writer:
    print(writer._connection.execute(asked).fetchall())
"""


def test_no_connection_draws_a_bar_where_duckdb_takes_a_program_for_a_person(tmp_path: Path) -> None:
    built(tmp_path)

    command = [
        sys.executable,
        "-c",
        "import duckdb; print(duckdb.execute(\"select current_setting('enable_progress_bar')\").fetchall())",
    ]
    by_default = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    ours = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert by_default.stdout == "[(True,)]\n", "DuckDB draws none any more: `connect` need not switch it off"
    assert ours.stdout == "((False,),)\n[(False,)]\n"
