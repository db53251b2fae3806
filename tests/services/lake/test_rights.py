"""What a role lacks is said in one line with what to grant; `doctor` reads a file and looks at rights."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from tests.support.commands import Done, paperlog_in
from tests.support.lakes import Lake, day
from warehouse.lake.place.marker import MARKER

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

READ = """
    grant usage on schema public to {role};
    grant select on all tables in schema public to {role};"""


@pytest.fixture
def role(lake: Lake) -> Iterator[str]:
    """A role that may connect, and nothing more."""
    name = f"reader_{token_hex(4)}"
    with lake.catalog() as connection:
        connection.execute(f"create role {name} login".encode())
        yield name
        connection.execute(f"drop owned by {name}".encode())
        connection.execute(f"drop role {name}".encode())


def run(lake: Lake, statements: str) -> None:
    with lake.catalog() as connection:
        connection.execute(statements.encode())


def seen_by(lake: Lake, role: str) -> Lake:
    return replace(lake, conninfo=lake.conninfo.replace("user=postgres", f"user={role}"))


def looked(lake: Lake, home: Path) -> str:
    """The line of `doctor` about the lake."""
    done = paperlog_in(lake.environment(home), "doctor", "--only", "machine")
    (line,) = [each for each in done.out.splitlines() if "  lake: " in each]
    return line


def require_refused(done: Done, role: str) -> None:
    assert done.code == 1, done
    line = done.err.splitlines()[-1]
    assert f"the lake: permission denied: the role {role} may not write to it; `paperlog doctor" in line
    assert len(line) < 300
    assert "damaged" not in done.err + done.out


def test_a_reader_that_loads_or_publishes_is_told_so(lake: Lake, home: Path, other: Path, role: str) -> None:
    assert lake.load(home, 0).code == 0
    run(lake, READ.format(role=role))
    before = lake.rows("select * from paperlog_index.state")
    theirs = seen_by(lake, role)
    require_refused(theirs.load(other, 1), role)
    require_refused(paperlog_in(theirs.environment(other), "publish"), role)
    for command in (("maintain",), ("check",)):
        done = paperlog_in(theirs.environment(other), *command)
        assert "damaged" not in done.err + done.out
        assert [line for line in (done.err + done.out).splitlines() if len(line) > 400] == []
    counted = paperlog_in(theirs.environment(other), "sql", "select count(*) from papers")
    assert counted.code == 0, counted.err
    assert lake.rows("select * from paperlog_index.state") == before
    assert lake.days_loaded() == [day(0)] * 2


def test_doctor_says_what_to_grant(lake: Lake, home: Path, other: Path, role: str) -> None:
    theirs = seen_by(lake, role)
    database = lake.conninfo.rpartition("dbname=")[2]
    first = looked(theirs, other)
    assert first.startswith(f"fail  lake: the role {role} may not make it; as the database's owner: ")
    assert f"grant create on database {database} to {role}; grant create on schema public to {role}" in first
    run(lake, f"grant create on database {database} to {role}; grant create on schema public to {role}")
    assert looked(theirs, other) == "ok    lake: the first writer makes its tables and its files"
    run(lake, f"revoke create on database {database} from {role}; revoke create on schema public from {role}")
    assert lake.load(home, 0).code == 0
    assert "fail  lake: the lake: " in looked(theirs, other)
    run(lake, READ.format(role=role))
    reading = looked(theirs, other)
    assert reading.startswith(
        f"warn  lake: it can be read; the role {role} may not write to it; so that it may: grant "
    )
    run(lake, reading.partition("so that it may: ")[2])
    assert looked(theirs, other) == "ok    lake: it can be read and written"
    done = theirs.load(other, 1)
    assert done.code == 0, done.err


def test_doctor_says_that_files_are_gone_or_elsewhere_or_of_another(lake: Lake, home: Path, tmp_path: Path) -> None:
    assert lake.load(home, 0).code == 0
    assert looked(lake, home) == "ok    lake: it can be read and written"
    wrong = replace(lake, data=str(tmp_path / "wrong"))
    assert looked(wrong, home).startswith(
        f"fail  lake: the lake: its address says data={tmp_path}/wrong, and its files"
    )
    folder = Path(lake.data)
    marker = (folder / MARKER).read_text(encoding="utf-8")
    (folder / MARKER).write_text(marker.replace('"number":', '"number":1'), encoding="utf-8")
    assert "belong to another database" in looked(lake, home)
    (folder / MARKER).write_text(marker, encoding="utf-8")
    shutil.move(folder, folder.with_name("elsewhere"))
    gone = looked(lake, home)
    assert gone.startswith("fail  lake: the lake: ")
    assert "No such file or directory" in gone
