"""The command line says and writes the same, wherever the facts are."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
from click.testing import CliRunner, Result

from flows.__main__ import cli
from tests.support.engines import LAKE, LAKE_ON_S3, Engine, Files, on_the_lake
from tests.support.environment import environment_of
from tests.support.pages import day_page
from tests.support.places import DAY_PAGES
from warehouse import SNAPSHOT, proof

# The first test of each engine waits for a week of commands.
pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

MONDAY = date(2026, 3, 2)
NOWHERE = "http://127.0.0.1:9"
KEYS = "select paper_key, title from papers where title is not null order by title, paper_key"
INTERESTS = """
[readers.anna]
upvotes = 85
since = 2026-03-01
[[readers.anna.channels]]
kind = "markdown"
to = "issues"
"""

# What differs between two homes though nothing else does.
_OTHERWISE = (
    (r"\b20\d{6}T\d{12}-[0-9a-f]{8}", "RUN"),
    (r"\.20\d{6}\.[0-9a-f]{8}\b", ".ISSUE"),
    (r"ok    lake: it can be read and written\n", ""),
    (r"attach '.*' as paperlog \(.*\)|\S*/paperlog\.duckdb", "PLACE"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", "TIME"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """The command line on one warehouse."""

    home: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """What it prints on standard output."""
        done: Result = CliRunner().invoke(cli, [*map(str, arguments)], env=self.environment)
        assert done.exit_code == code, f"{arguments}: {done.stdout}{done.stderr}{done.exception!r}"
        return done.stdout

    def rows(self, query: str) -> list[dict[str, str]]:
        """The answer of `sql`."""
        found: list[dict[str, str]] = json.loads(self("sql", "--json", query))
        return found

    def told(self, *arguments: object, code: int = 0) -> str:
        """What it prints, but for place and time."""
        return plain(self, self(*arguments, code=code))

    def failed(self, *arguments: object) -> str:
        """What it says on standard error where it ends with 1."""
        done: Result = CliRunner().invoke(cli, [*map(str, arguments)], env=self.environment)
        assert done.exit_code == 1
        return f"{done.stderr}{done.exception}"


def plain(run: Run, text: str) -> str:
    """The text but for place and time."""
    text = text.replace(str(run.home.parent), "")
    for pattern, instead in _OTHERWISE:
        text = re.sub(pattern, instead, text)
    return text


New = Callable[[str, Engine], Run]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> New:
    """Makes the command line for an empty warehouse."""

    def made(name: str, engine: Engine) -> Run:
        home = tmp_path_factory.mktemp(name) / "home"
        environment = environment_of(home.parent, NOWHERE, PAPERLOG_KEEP_SNAPSHOTS="5", **engine.variables(home))
        return Run(home, environment)

    return made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Day pages of a week in a folder, two of each day; each paper is on the lists of two days."""
    folder = tmp_path_factory.mktemp("pages")
    for place in range(5):
        day = MONDAY + timedelta(days=place)
        for again in (0, 1):
            read_on = day + timedelta(days=again)
            name = f"{day}__fetched_{read_on:%Y%m%d}T{20 - 6 * again}0000Z.html"
            (folder / name).write_text(day_page(day, range(4 * place, 4 * place + 7 + again)), encoding="utf-8")
    return folder


def lived(run: Run, pages: Path) -> Run:
    """A week of loads and of people's words."""
    first, *others = sorted(pages.iterdir())
    run("adopt", "hf_daily", first)
    run("adopt", "hf_daily", *others)
    one, two, three, *_ = (row["paper_key"] for row in run.rows(KEYS))
    run("merge", one, two, "--reason", "read both")
    (lost,) = run.rows("select unnest(previous_keys) as key from papers")
    run("split", lost["key"], "--reason", "read again")
    run("merge", one, three, "--reason", "read all")
    run("forget", "hf_daily", MONDAY, "--reason", "never asked for")
    run("forget", "hf_daily", MONDAY, "--reason", "it was", "--undo")
    (run.home / "interests.toml").write_text(INTERESTS, encoding="utf-8")
    return run


def exported(run: Run, *arguments: object) -> tuple[str, dict[str, str]]:
    """The digest that an export prints, and the hash of each file."""
    folder = run.home.parent / f"exported{uuid4().hex}"
    digest = run("export", folder, *arguments).split()[-1]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest, {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


@pytest.fixture(scope="module")
def by_file(new: New, pages: Path) -> Run:
    """The week in a file."""
    return lived(new("file", Files()), pages)


on_both_lakes = pytest.mark.parametrize("engine", [LAKE, LAKE_ON_S3], indirect=True)


@pytest.fixture(scope="module")
def by_lake(engine: Engine, new: New, pages: Path) -> Run:
    """The same week in a lake."""
    return lived(new("lake", engine), pages)


@on_both_lakes
def test_the_same_commands_give_the_same_bytes(by_file: Run, by_lake: Run) -> None:
    digest, files = exported(by_file)
    assert len(files) == 8
    assert exported(by_lake) == (digest, files)
    assert exported(by_lake, "--partitioned") == exported(by_file, "--partitioned")


@on_both_lakes
def test_a_replay_of_the_kept_pages_gives_the_same_bytes(by_file: Run, engine: Engine, new: New) -> None:
    again = new("again", engine)
    shutil.copytree(by_file.home / "landing", again.home / "landing")
    again("replay")
    assert exported(again) == exported(by_file)


ASKED = (
    ("status",),
    ("status", "--json"),
    ("sql", "from papers order by all"),
    ("sql", "--json", "from metrics order by all"),
    ("audit",),
    ("quarantine",),
    ("resolve",),
    ("check",),
    ("doctor", "--only", "machine"),
    ("digest", "--dry-run"),
    ("digest", "--dry-run", "--json"),
    ("digest", "--explain"),
)


@on_the_lake
@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_question_has_the_same_answer(by_file: Run, by_lake: Run, asked: tuple[str, ...]) -> None:
    assert by_lake.told(*asked) == by_file.told(*asked)


@on_the_lake
def test_a_paper_is_shown_explained_and_cited_alike(by_file: Run, by_lake: Run) -> None:
    assert by_lake.rows(KEYS) == by_file.rows(KEYS)
    key = by_file.rows(KEYS)[1]["paper_key"]
    for asked in (("show", key), ("show", key, "--json"), ("resolve", "--explain", key), ("cite", key)):
        assert by_lake.told(*asked) == by_file.told(*asked)


@on_the_lake
def test_nothing_changed_since_the_last_run(by_file: Run, by_lake: Run) -> None:
    for run in (by_file, by_lake):
        (last,) = run.rows("select run_id from runs order by load_order desc limit 1")
        assert json.loads(run("changes", "--since", last["run_id"], "--json")) == []


@on_the_lake
def test_a_page_and_a_file_of_sqlite_are_the_same(by_file: Run, by_lake: Run) -> None:
    reports, dumps = [], []
    for run in (by_file, by_lake):
        page, file = run.home.parent / "report.html", run.home.parent / "all.sqlite"
        run("report", "--out", page)
        run("export", "--sqlite", file)
        reports.append(plain(run, page.read_text(encoding="utf-8")))
        with closing(sqlite3.connect(file)) as database:
            dumps.append([plain(run, line) for line in database.iterdump() if "about" not in line])
    assert reports[0] == reports[1]
    assert len(reports[0]) > 1000
    assert dumps[0] == dumps[1]
    assert len(dumps[0]) > 100


@on_the_lake
def test_a_published_file_of_a_lake_can_be_searched_and_is_proven(by_file: Run, by_lake: Run) -> None:
    asked = ("search", "source:hf_daily", "--limit", "5")
    assert "publish --file" in by_lake.failed(*asked)
    by_lake("publish", "--file")
    assert by_lake.told(*asked) == by_file.told(*asked)
    assert proof(by_lake.home) == ()
    with duckdb.connect(str(by_lake.home / SNAPSHOT), read_only=True) as plain_one:
        papers = plain_one.sql("select paper_key, title from papers where title is not null order by all").fetchall()
    assert sorted(papers) == sorted(tuple(row.values()) for row in by_file.rows(KEYS))
    by_lake("check")


@on_the_lake
def test_no_column_is_wider_than_parquet(by_lake: Run) -> None:
    query = "select table_name, column_name from duckdb_columns() where data_type like '%HUGEINT%'"
    assert by_lake.rows(f"{query} and database_name = current_database()") == []


@pytest.mark.slow
@pytest.mark.shared_data
@on_both_lakes
def test_real_pages_give_the_same_bytes(engine: Engine, new: New) -> None:
    pages = sorted(DAY_PAGES.iterdir())
    assert len(pages) == 12
    runs = (new("real", Files()), new("real", engine))
    for run in runs:
        run("adopt", "hf_daily", *pages)
    assert exported(runs[0]) == exported(runs[1])
