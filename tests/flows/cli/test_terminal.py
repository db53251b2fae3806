"""What a terminal gets: escapes in place of control characters, one line for an interrupt, nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from flows.__main__ import COMMANDS
from flows.days import today
from flows.demo.site import MONDAY
from tests.flows.conftest import MONDAYS_LIST, Site
from tests.support.commands import Command, paperlog_in, started
from tests.support.patience import patient, until
from warehouse import open_warehouse

ENDLESS = "select count(*) from range(100000000) a, range(100000000) b where a.range * b.range % 7 = 1"
HOSTILE = "chr(27) || '[31m' || chr(155) || chr(8238) || 'gnp.exe'"


@pytest.fixture
def loaded(environment: dict[str, str], home_after: Callable[..., Path]) -> dict[str, str]:
    """The environment of other processes that read Monday's list."""
    return environment | {"PAPERLOG_HOME": str(home_after(MONDAYS_LIST))}


@pytest.mark.parametrize("as_json", [False, True])
def test_no_control_character_of_an_answer_reaches_a_terminal(monday: Command, as_json: bool) -> None:
    done = monday("sql", f'select {HOSTILE} as "na\x1bme"', *(["--json"] if as_json else []))
    assert done.code == 0
    assert not set(done.out) & set("\x1b\x9b\u202e")
    assert "\\u202egnp.exe" in done.out
    if as_json:
        assert json.loads(done.out) == [{"na\x1bme": "\x1b[31m\x9b\u202egnp.exe"}]


def test_an_error_that_quotes_an_argument_holds_no_control_character(monday: Command) -> None:
    for arguments in (("sql", "select \x1b[31m"), ("ingest", "\x1b[31m"), ("resolve", "--explain", "p\u202e")):
        done = monday(*arguments)
        assert done.code != 0
        assert not set(done.err) & set("\x1b\u202e")


@pytest.mark.parametrize(
    "arguments",
    [
        ("sql", "select 'é☃' as x"),
        ("sql", "select 'é☃' as x", "--json"),
        ("status", "--gaps"),
        ("audit",),
        ("quarantine",),
        ("resolve",),
        ("search", "é☃"),
        ("parse", "hf_daily", "é☃.html"),
        ("nosuch☃",),
        *((name, "--help") for name in COMMANDS),
    ],
)
def test_a_terminal_of_ascii_gets_escapes(loaded: dict[str, str], arguments: tuple[str, ...]) -> None:
    done = paperlog_in(loaded | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, *arguments)
    assert "Traceback" not in done.err
    assert (done.out + done.err).isascii()
    if "--json" in arguments:
        assert json.loads(done.out) == [{"x": "é☃"}]


@pytest.mark.parametrize("query", ["", "  ", ";", "/* nothing */"])
def test_a_query_without_a_statement_is_an_error(monday: Command, query: str) -> None:
    done = monday("sql", query)
    assert (done.code, done.err.startswith("paperlog: there is no query to answer")) == (1, True)


def test_json_keeps_columns_of_one_name(monday: Command) -> None:
    done = monday("sql", "select 1 as a, 2 as a, 3 as a_2, 4 as a", "--json")
    assert json.loads(done.out) == [{"a": 1, "a_3": 2, "a_2": 3, "a_4": 4}]


def test_a_query_that_takes_too_long_is_interrupted(monday: Command) -> None:
    done = monday("sql", ENDLESS, "--timeout", "0.2")
    assert (done.code, done.err) == (1, "paperlog: interrupted after 0.2 s, which --timeout SECONDS changes\n")


def opened_by(pid: int) -> set[str]:
    """The names of the files that a process has open."""
    names = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in between
            names.add(each.readlink().name)
    return names


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=patient(60))
    return process.returncode, err


def test_an_interrupted_query_ends_with_a_line(loaded: dict[str, str]) -> None:
    process = started(loaded, "flows", "sql", ENDLESS)
    # The open file is the sign that all modules are imported: DuckDB has threads long before it is asked anything.
    until(lambda: "paperlog.duckdb" in opened_by(process.pid), 30)
    code, err = interrupted(process)
    assert code == 130
    # Before DuckDB is at work, click leaves the line with ^C first.
    (line,) = err.strip().splitlines()
    assert line.startswith("paperlog: interrupted")


def test_an_interrupted_backfill_ends_with_a_line_and_goes_on_later(environment: dict[str, str], home: Path) -> None:
    slow = environment | {"PAPERLOG_REQUESTS_PER_SECOND": "2"}
    process = started(slow, "flows", "backfill", "hf_daily", "--from", MONDAY, "--to", "2025-03-07")
    until(lambda: list((home / "landing" / "readings" / "hf_daily").glob("*.json")), 60)
    code, err = interrupted(process)
    assert (code, "Traceback" in err) == (130, False)
    assert err.splitlines()[-1].startswith("paperlog: interrupted")
    done = paperlog_in(environment, "backfill", "hf_daily", "--from", MONDAY, "--to", "2025-03-07")
    assert done.code == 0, done.err


def test_a_reader_that_leaves_early_is_no_error_to_read(loaded: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flows", "sql", "select range from range(200000)"]
    with subprocess.Popen(command, env=loaded, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_what_adopt_leaves_out_of_a_folder_is_named(paperlog: Command, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / ".kept").mkdir(parents=True)
    os.mkfifo(folder / "pipe.html")
    (folder / ".hidden.html").write_text("x", encoding="utf-8")
    (folder / ".kept" / "page.html").write_text("x", encoding="utf-8")
    (folder / "gone.html").symlink_to(folder / "nothing")
    (folder / "style.css").write_text("x", encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "socket.html"))
        done = paperlog("adopt", "hf_daily", folder)
    assert done.code == 0
    named = {line.split(": left out: ")[0].rsplit("saved/")[-1] for line in done.err.splitlines()}
    assert named == {"pipe.html", ".hidden.html", ".kept/page.html", "gone.html", "socket.html"}


@pytest.mark.parametrize("name", ["pipe.html", "/dev/zero", "/dev/null"])
def test_a_file_that_is_no_file_is_named_and_does_not_hang(paperlog: Command, tmp_path: Path, name: str) -> None:
    if not name.startswith("/"):
        os.mkfifo(tmp_path / name)
    done = paperlog("adopt", "hf_daily", tmp_path / name)
    assert done.code == 1
    assert f"{name}: not a regular file" in done.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(("ingets", "hf_daily"), "ingest"), (("ingest", "hf_dayly"), "hf_daily"), (("status", "--gap"), "--gaps")],
)
def test_what_was_mistyped_is_answered_with_what_may_be_meant(
    paperlog: Command, typed: tuple[str, ...], meant: str
) -> None:
    done = paperlog(*typed)
    assert done.code == 2
    assert re.search(f"Did you mean.*'{meant}'", done.err)


def test_a_writer_that_waits_says_for_what_and_until_when(
    paperlog: Command, digest: Site, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("PAPERLOG_LOCK_SECONDS", "0.3")
    with open_warehouse(str(home)).writer("another ingest", lock_seconds=10):
        done = paperlog("publish")
    assert done.code == 1
    assert "waiting for the writer's lock, until " in done.err.splitlines()[0]
    assert "another ingest" in done.err.splitlines()[0]


@pytest.mark.parametrize("name", ["a?b", "what?", "a\udcffb", "a\nb", "a\tb", "a\x1b[31mb", "a\u202eb"])
def test_a_home_that_no_database_can_lie_in_is_refused_by_name(
    paperlog: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / name))
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert "cannot be a home" in done.err
    assert not list(tmp_path.glob("a*"))


@pytest.mark.parametrize("name", ["a#b", "a'b", 'a"b', "a b", "a%20b", "a;b", "ä☃", "a*[1]b", "a\\b", "-rf"])
def test_a_home_with_another_odd_name_works(
    paperlog: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / name))
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).out.startswith("[1/1] ")
    assert json.loads(paperlog("status", "--json").out)["sources"]


def test_a_replay_into_such_a_home_is_refused_too(monday: Command, tmp_path: Path) -> None:
    done = monday("replay", "--into", tmp_path / "a?b")
    assert (done.code, "cannot be a home" in done.err) == (2, True)
    done = monday("replay", "--into", tmp_path / "a\nb")
    assert (done.code, len(done.err.splitlines()), "control character" in done.err) == (2, 1, True)
    assert not list(tmp_path.glob("a*"))


@pytest.mark.parametrize(
    ("words", "completed"),
    [("paperlog ingest hf", "hf_daily"), ("paperlog back", "backfill"), ("paperlog status --ca", "--calendar")],
)
def test_a_shell_completes_commands_options_and_sources(
    environment: dict[str, str], words: str, completed: str
) -> None:
    place = str(len(words.split()) - 1)
    asked = {"_PAPERLOG_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": place}
    assert f"plain,{completed}" in paperlog_in(environment | asked).out.splitlines()


def test_a_day_counted_back_is_an_argument_and_no_option(monday: Command) -> None:
    done = monday("unrecoverable", "hf_daily", "-7d", "--reason", "lost")
    assert done.code == 0, done.err
    assert f"hf_daily {today() - timedelta(days=7)}: unrecoverable" in done.out


def test_an_answer_without_rows_says_so_to_a_pipe_by_its_head(monday: Command) -> None:
    assert monday("sql", "select 1 as a where false").out == "a\n"
