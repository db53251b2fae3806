"""A service or a cron job may start the command line with its standard streams closed, or on a disk that is full."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.http.moments import InFiles
from extractors.http.origin import origin_of
from extractors.http.pace import Pace
from flows.demo.site import MONDAY
from tests.flows.conftest import Site
from tests.support.commands import paperlog_in, rows_of
from warehouse import open_warehouse


def closing(*descriptors: int) -> Callable[[], None]:
    """What closes them in the process that is about to become the command line."""

    def close() -> None:
        for each in descriptors:
            os.close(each)

    return close


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (1, 2), (0, 1, 2)])
def test_a_load_does_its_work_with_its_streams_closed(
    environment: dict[str, str], home: Path, closed: tuple[int, ...]
) -> None:
    done = paperlog_in(environment, "ingest", "hf_daily", "--date", MONDAY, before=closing(*closed))
    assert (done.code, done.err if 1 in closed else "") == (0, "")
    assert bool(done.out) == (1 not in closed)
    with open_warehouse(str(home)).reader() as reader:
        assert reader.query("select count(*) from core.sightings").rows[0][0]
    assert not [file for file in home.rglob("*") if file.is_file() and b"1 loaded" in file.read_bytes()[:4096]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("sql", "select 1"),
        ("sql", "select 1", "--json"),
        ("check", "--json"),
        ("audit",),
        ("config",),
        ("publish",),
        ("doctor", "--only", "machine"),
        ("--help",),
    ],
)
def test_an_answer_that_nobody_can_hear_is_no_error(
    environment: dict[str, str], home_after: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    own = environment | {"PAPERLOG_HOME": str(home_after(("ingest", "hf_daily", "--date", MONDAY)))}
    heard = paperlog_in(own, *arguments)
    done = paperlog_in(own, *arguments, before=closing(1))
    assert (done.code, done.out) == (heard.code, "")
    assert "Traceback" not in done.err


def test_an_error_that_nobody_can_hear_is_still_one(environment: dict[str, str]) -> None:
    assert paperlog_in(environment, "ingest", "nosuch", before=closing(2)).code == 2
    assert paperlog_in(environment, "sql", "select 1", before=closing(0, 1, 2)).code == 1


def test_what_is_said_on_a_full_disk_is_lost_and_the_work_is_done(
    environment: dict[str, str], digest: Site, tmp_path: Path
) -> None:
    Pace(1.0, InFiles(tmp_path / "pace")).postpone(str(origin_of(digest.base)), 6)  # a wait that is told

    def full() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 2)

    done = paperlog_in(environment, "ingest", "hf_daily", "--date", MONDAY, before=full)
    assert (done.code, done.err) == (0, "")
    assert rows_of(lambda *arguments: paperlog_in(environment, *arguments), "select count(*) as n from core.sightings")
